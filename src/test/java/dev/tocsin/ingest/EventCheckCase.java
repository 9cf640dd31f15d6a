package dev.tocsin.ingest;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One case of the files under {@code src/test/resources/ingest}: an event as it is sent, and what
 * checking it comes to.
 *
 * <p>A file holds {@code about} and {@code cases}. A case holds what it is {@code about}, the
 * {@code item} (JSON; or {@code text}, where JSON read and written again would not be the same),
 * and either {@code code}, {@code pointer} and {@code message} of the fault, or what the {@code
 * event} is: its {@code time}, {@code entity}, {@code entityId} and {@code accountId}, where null
 * is none.
 */
record EventCheckCase(String file, JsonObject fields) {
  /** The cases of all files. */
  static Stream<EventCheckCase> all() {
    try (Stream<Path> files = Files.list(folder())) {
      return files.sorted().toList().stream().flatMap(EventCheckCase::in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(EventCheckCase.class.getResource("/ingest")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<EventCheckCase> in(Path path) {
    try {
      JsonArray cases = new JsonObject(Files.readString(path)).getJsonArray("cases");
      return cases.stream()
          .map(one -> new EventCheckCase(path.getFileName().toString(), (JsonObject) one));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawItem item() {
    String text = fields.getString("text", "");
    String json = text.isEmpty() ? fields.getJsonObject("item").encode() : text;
    return switch (new BatchReader(1, 1 << 20).read(json.getBytes(StandardCharsets.UTF_8))) {
      case BatchReading.Items read -> read.items().getFirst();
      case BatchReading.Malformed malformed ->
          throw new IllegalStateException(this + ": " + malformed);
      case BatchReading.TooLarge large -> throw new IllegalStateException(this + ": " + large);
    };
  }

  boolean isGood() {
    return fields.containsKey("event");
  }

  JsonObject event() {
    return fields.getJsonObject("event");
  }

  Checked.Bad bad() {
    return new Checked.Bad(
        fields.getString("code"), fields.getString("pointer"), fields.getString("message"));
  }

  @Override
  public String toString() {
    return file + ": " + fields.getString("about");
  }
}
