package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One case of the files under {@code src/test/resources/calculations} and its folders.
 *
 * <p>A file holds {@code about}, {@code cases} and perhaps an {@code event} that serves the cases
 * without their own. A case holds {@code calculation} (a text, or a list of texts and of {@code
 * {"text", "times"}} to be joined), {@code new} and {@code old}, and {@code is}: true, false,
 * {@code "failed"} with a part of the {@code reason}, or {@code "refused"} with {@code line},
 * {@code column} and a part of the {@code message}.
 */
public record CalculationCase(String file, String calculation, Change change, Expected expected) {
  private static final int SHOWN_MAX = 100;
  private static final Instant TIME = Instant.parse("2026-11-23T10:00:00Z");

  /** What a case says will happen. */
  public sealed interface Expected {
    record Fires(boolean fires) implements Expected {}

    record Failed(String reason) implements Expected {}

    record Refused(long line, long column, String message) implements Expected {}
  }

  /** The cases of all files. */
  public static Stream<CalculationCase> all() {
    try (Stream<Path> files = Files.walk(folder())) {
      return files.filter(Files::isRegularFile).sorted().toList().stream()
          .flatMap(CalculationCase::in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cases of the folder {@code attacks}: texts by those who want more than a computation. */
  public static Stream<CalculationCase> attacks() {
    return all().filter(one -> one.file().startsWith("attacks/"));
  }

  @Override
  public String toString() {
    String shown =
        calculation.length() <= SHOWN_MAX ? calculation : calculation.substring(0, SHOWN_MAX);
    return file + ": " + shown;
  }

  private static Path folder() {
    try {
      URI uri = Objects.requireNonNull(CalculationCase.class.getResource("/calculations")).toURI();
      return Path.of(uri);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<CalculationCase> in(Path path) {
    Map<String, @Nullable Object> file;
    try {
      file = JsonValues.payload(Files.readString(path)).fields();
    } catch (IOException e) {
      throw new UncheckedIOException(path + " is no file of cases", e);
    }
    Map<?, ?> event = file.get("event") instanceof Map<?, ?> given ? given : Map.of();
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));
    String name = folder().relativize(path).toString();
    return cases.stream().map(one -> of(name, event, (Map<?, ?>) one));
  }

  private static CalculationCase of(String file, Map<?, ?> event, Map<?, ?> fields) {
    Change change = new Change(TIME, side("new", event, fields), side("old", event, fields));
    return new CalculationCase(
        file, joined(fields.get("calculation")), change, expected(file, fields));
  }

  // JsonValues makes no other maps; and javac leaves the @Nullable of a compact constructor's
  // parameter out of the class file that the tests are compiled against
  @SuppressWarnings({"unchecked", "NullAway"})
  private static @Nullable Payload side(String name, Map<?, ?> event, Map<?, ?> fields) {
    Object state = fields.containsKey(name) ? fields.get(name) : event.get(name);
    return state == null ? null : new Payload("{}", (Map<String, @Nullable Object>) state);
  }

  private static String joined(@Nullable Object calculation) {
    return switch (calculation) {
      case String text -> text;
      case List<?> parts -> String.join("", parts.stream().map(CalculationCase::joined).toList());
      case Map<?, ?> repeated ->
          text(repeated, "text").repeat(Math.toIntExact(number(repeated, "times")));
      case null, default -> throw new IllegalStateException("no calculation: " + calculation);
    };
  }

  private static Expected expected(String file, Map<?, ?> fields) {
    Object is = fields.get("is");
    if (is instanceof Boolean fires) {
      return new Expected.Fires(fires);
    }
    if ("failed".equals(is)) {
      return new Expected.Failed(text(fields, "reason"));
    }
    if ("refused".equals(is)) {
      return new Expected.Refused(
          number(fields, "line"), number(fields, "column"), text(fields, "message"));
    }
    throw new IllegalStateException(file + ": " + fields);
  }

  private static String text(Map<?, ?> fields, String name) {
    return (String) Objects.requireNonNull(fields.get(name), () -> name + " of " + fields);
  }

  private static long number(Map<?, ?> fields, String name) {
    return (Long) Objects.requireNonNull(fields.get(name), () -> name + " of " + fields);
  }
}
