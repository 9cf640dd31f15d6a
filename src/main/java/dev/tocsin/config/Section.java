package dev.tocsin.config;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the keys of one section: from the environment if it has the key's variable, else from the
 * file, else the default. Every problem is noted and the default taken, so that reading goes on and
 * finds the next.
 */
final class Section {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15}) ?(B|KiB|MiB|GiB)?");

  private final String name;
  private final JsonObject file;
  private final String fileName;
  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final Set<String> keys = new LinkedHashSet<>();

  Section(
      String name,
      JsonObject file,
      String fileName,
      Map<String, String> environment,
      List<Problem> problems) {
    this.name = name;
    this.file = file;
    this.fileName = fileName;
    this.environment = environment;
    this.problems = problems;
  }

  /** The variable that overrides a key: {@code http.bodyBytesMax} by TOCSIN_HTTP_BODY_BYTES_MAX. */
  static String variable(String key) {
    return "TOCSIN_"
        + key.replaceAll("([a-z0-9])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /** Whether this is the section of that name, which a file may leave empty. */
  boolean isNamed(String other) {
    return name.equals(other);
  }

  /** The full names of the keys that were asked for. */
  Set<String> keys() {
    return keys;
  }

  /** A key whose value is text. */
  String text(String key, String preset) {
    return read(key, preset, value -> value);
  }

  /** A key that may be left out. */
  @Nullable String optionalText(String key) {
    String text = read(key, "", value -> value);
    return text.isEmpty() ? null : text;
  }

  /** A key whose value is a whole number within bounds. */
  int integer(String key, int preset, int min, int max) {
    return read(
        key,
        preset,
        value -> {
          int number = Integer.parseInt(value);
          return within(number, min, max, number >= min && number <= max);
        });
  }

  /** A key whose value is a fraction within bounds. */
  double fraction(String key, double preset, double min, double max) {
    return read(
        key,
        preset,
        value -> {
          double number = Double.parseDouble(value);
          return within(number, min, max, number >= min && number <= max);
        });
  }

  /** A key whose value is a size in bytes: a number, or one with B, KiB, MiB or GiB. */
  long bytes(String key, long preset, long min, long max) {
    return read(
        key,
        preset,
        value -> {
          long size = size(value);
          return within(size, min, max, size >= min && size <= max);
        });
  }

  private static long size(String value) {
    Matcher size = SIZE.matcher(value);
    if (!size.matches()) {
      throw new IllegalArgumentException("a size such as 64KiB or 5MiB was expected");
    }
    long number = Long.parseLong(size.group(1));
    String unit = size.group(2) == null ? "B" : size.group(2);
    return switch (unit) {
      case "KiB" -> Math.multiplyExact(number, 1L << 10);
      case "MiB" -> Math.multiplyExact(number, 1L << 20);
      case "GiB" -> Math.multiplyExact(number, 1L << 30);
      default -> number;
    };
  }

  /** A key whose value is a time span as ISO 8601 writes it, such as PT15S or P28D. */
  Duration duration(String key, Duration preset, Duration min, Duration max) {
    return read(
        key,
        preset,
        value -> {
          Duration span = span(value);
          return within(span, min, max, span.compareTo(min) >= 0 && span.compareTo(max) <= 0);
        });
  }

  private static Duration span(String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("a time span such as PT15S or P28D was expected", e);
    }
  }

  /** A key whose value is a list of time spans; in the environment, with commas between them. */
  List<Duration> durations(String key, List<Duration> preset, int sizeMax) {
    return read(
        key,
        preset,
        value -> {
          List<Duration> spans = new ArrayList<>();
          for (String part : value.split(",", -1)) {
            spans.add(span(part.strip()));
          }
          return within(spans, 1, sizeMax, spans.size() <= sizeMax);
        });
  }

  private static <T> T within(T value, Object min, Object max, boolean isWithin) {
    if (!isWithin) {
      throw new IllegalArgumentException("it must lie between " + min + " and " + max);
    }
    return value;
  }

  private <T> T read(String key, T preset, Function<String, T> parse) {
    String full = name.isEmpty() ? key : name + "." + key;
    keys.add(full);
    String variable = variable(full);
    String overriding = environment.get(variable);
    String raw = overriding == null ? raw(key) : overriding;
    if (raw == null) {
      return preset;
    }
    try {
      return parse.apply(raw);
    } catch (NumberFormatException e) {
      problems.add(problem(full, overriding == null, "a number was expected"));
    } catch (IllegalArgumentException | ArithmeticException e) {
      problems.add(problem(full, overriding == null, String.valueOf(e.getMessage())));
    }
    return preset;
  }

  /** What the file says, as text; null when it says nothing. */
  private @Nullable String raw(String key) {
    return switch (file.getValue(key)) {
      case null -> null;
      case JsonArray list -> String.join(",", list.stream().map(String::valueOf).toList());
      case JsonObject object -> {
        problems.add(problem(name + "." + key, true, "a value was expected, not a section"));
        yield null;
      }
      case Object value -> value.toString();
    };
  }

  private Problem problem(String key, boolean fromFile, String message) {
    return new Problem(fromFile ? fileName : variable(key), key + ": " + message);
  }
}
