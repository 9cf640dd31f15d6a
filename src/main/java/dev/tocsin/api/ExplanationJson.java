package dev.tocsin.api;

import dev.tocsin.rule.Explanation;
import dev.tocsin.rule.Finding;
import dev.tocsin.rule.Miss;
import dev.tocsin.rule.Place;
import dev.tocsin.rule.Trace;
import dev.tocsin.rule.Warning;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes why a calculation said what it said. What can be long is shortened: of a text its
 * beginning is shown, and its length; of an object or an array only how many fields or items it
 * has.
 */
final class ExplanationJson {
  private static final int TEXT_LENGTH_MAX = 200;

  private ExplanationJson() {}

  /** Appends {@code trace}, and {@code misses} if there are any, as members of an object. */
  static void append(JsonText out, Explanation explanation) {
    appendMembers(out.open("trace"), explanation.trace()).close();
    if (!explanation.misses().isEmpty()) {
      out.openArray("misses");
      explanation.misses().forEach(miss -> append(out, miss));
      out.closeArray();
    }
  }

  /** Appends {@code warnings} as a member of an object, if there are any. */
  static void appendWarnings(JsonText out, List<Warning> warnings) {
    if (!warnings.isEmpty()) {
      out.openArray("warnings");
      warnings.forEach(
          warning -> appendPointed(out, warning.line(), warning.column(), warning.message()));
      out.closeArray();
    }
  }

  /** Appends a message about a place in a calculation. */
  static void appendPointed(JsonText out, int line, int column, String message) {
    out.open().number("line", line).number("column", column).text("message", message).close();
  }

  private static JsonText appendMembers(JsonText out, Trace trace) {
    append(out, trace.place(), trace.text());
    append(out, trace.finding());
    if (trace.decided()) {
      out.flag("decided", true);
    }
    if (!trace.parts().isEmpty()) {
      out.openArray("parts");
      trace.parts().forEach(part -> appendMembers(out.open(), part).close());
      out.closeArray();
    }
    return out;
  }

  private static void append(JsonText out, Miss miss) {
    appendMembers(out.open(), miss.condition()).flag("wanted", miss.wanted());
    Miss.Gap gap = miss.gap();
    if (gap != null) {
      out.open("gap")
          .raw("actual", gap.actual().toString())
          .text("relation", gap.relation())
          .raw("needed", gap.needed().toString())
          .raw("difference", gap.difference().toString())
          .close();
    }
    out.close();
  }

  private static void append(JsonText out, Place place, String text) {
    out.text("text", text)
        .number("line", place.line())
        .number("column", place.column())
        .number("start", place.start())
        .number("end", place.end());
  }

  private static void append(JsonText out, Finding finding) {
    switch (finding) {
      case Finding.Known(Object value) -> append(out, value);
      case Finding.Failed(String reason) -> out.text("error", reason);
      case Finding.Skipped _ -> out.flag("skipped", true);
    }
  }

  private static void append(JsonText out, @Nullable Object value) {
    switch (value) {
      case null -> out.text("kind", "null").raw("value", "null");
      case Boolean truth -> out.text("kind", "boolean").flag("value", truth);
      case Number number -> out.text("kind", "number").raw("value", number.toString());
      case String text -> append(out.text("kind", "text"), text);
      case Map<?, ?> object -> out.text("kind", "object").number("size", object.size());
      case List<?> array -> out.text("kind", "array").number("size", array.size());
      default -> throw new IllegalStateException("no value of a calculation: " + value.getClass());
    }
  }

  private static void append(JsonText out, String text) {
    if (text.length() <= TEXT_LENGTH_MAX) {
      out.text("value", text);
      return;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(TEXT_LENGTH_MAX - 1));
    out.text("value", text.substring(0, splits ? TEXT_LENGTH_MAX - 1 : TEXT_LENGTH_MAX) + "…")
        .number("length", text.length());
  }
}
