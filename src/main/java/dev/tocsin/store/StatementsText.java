package dev.tocsin.store;

import dev.tocsin.access.Statement;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.JsonValues;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Statements as the database keeps them: an array of {@code {effect, action, resource}}. */
final class StatementsText {
  private static final String ONLY = "statements";

  private StatementsText() {}

  static String of(List<Statement> statements) {
    StringBuilder out = new StringBuilder("[");
    for (Statement statement : statements) {
      out.append(out.length() == 1 ? "{\"effect\":" : ",{\"effect\":");
      EventJson.appendText(out, statement.effect());
      appendTexts(out.append(",\"action\":"), statement.actions());
      appendTexts(out.append(",\"resource\":"), statement.resources()).append('}');
    }
    return out.append(']').toString();
  }

  private static StringBuilder appendTexts(StringBuilder out, List<String> texts) {
    out.append('[');
    for (int i = 0; i < texts.size(); i++) {
      EventJson.appendText(i == 0 ? out : out.append(','), texts.get(i));
    }
    return out.append(']');
  }

  static List<Statement> read(String json) {
    try {
      Object array = JsonValues.payload("{\"" + ONLY + "\":" + json + "}").fields().get(ONLY);
      if (array instanceof List<?> statements) {
        return statements.stream().map(one -> statement((Map<?, ?>) one)).toList();
      }
    } catch (IOException e) {
      throw new IllegalStateException("stored statements are not JSON: " + json, e);
    }
    throw new IllegalStateException("stored statements are no array: " + json);
  }

  private static Statement statement(Map<?, ?> json) {
    return new Statement(
        String.valueOf(json.get("effect")), texts(json.get("action")), texts(json.get("resource")));
  }

  private static List<String> texts(@Nullable Object array) {
    return array instanceof List<?> items
        ? items.stream().map(String::valueOf).toList()
        : List.of();
  }
}
