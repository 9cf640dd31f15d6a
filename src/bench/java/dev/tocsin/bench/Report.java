package dev.tocsin.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Writes the figures of a run as JSON and as a table. */
record Report(String machine, String commit, List<Measurement> results) {
  Report {
    results = List.copyOf(results);
  }

  /** Writes {@code results.json} and {@code results.txt}, and answers the table. */
  String write(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (JsonGenerator json =
        new JsonFactory()
            .createGenerator(Files.newBufferedWriter(directory.resolve("results.json")))) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("machine", machine);
      json.writeStringField("commit", commit);
      json.writeArrayFieldStart("results");
      for (Measurement result : results) {
        write(json, result);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    String table = table();
    Files.writeString(directory.resolve("results.txt"), table, StandardCharsets.UTF_8);
    return table;
  }

  private static void write(JsonGenerator json, Measurement result) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", result.id());
    json.writeNumberField("value", result.value());
    json.writeStringField("unit", result.unit());
    Double baseline = result.baseline();
    Double ratio = result.ratio();
    if (baseline != null && ratio != null) {
      json.writeNumberField("baseline", baseline);
      json.writeNumberField("ratio", ratio);
    }
    json.writeArrayFieldStart("runs");
    for (double run : result.runs()) {
      json.writeNumber(run);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private String table() {
    StringBuilder table = new StringBuilder();
    table.append(machine).append(", commit ").append(commit).append("\n\n");
    table.append(line("id", "ratio", "value", "unit", "baseline"));
    for (Measurement result : results) {
      table.append(
          line(
              result.id(),
              number(result.ratio(), "%.2f"),
              number(result.value(), result.value() < 100 ? "%.2f" : "%.0f"),
              result.unit(),
              number(result.baseline(), "%.0f")));
    }
    return table.toString();
  }

  private static String line(
      String id, String ratio, String value, String unit, String baseline) {
    return String.format(
        Locale.ROOT, "%-32s %7s %12s %-10s %12s%n", id, ratio, value, unit, baseline);
  }

  private static String number(@Nullable Double number, String format) {
    return number == null ? "" : String.format(Locale.ROOT, format, number);
  }
}
