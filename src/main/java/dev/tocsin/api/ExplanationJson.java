package dev.tocsin.api;

import dev.tocsin.rule.Difference;
import dev.tocsin.rule.Explanation;
import dev.tocsin.rule.Finding;
import dev.tocsin.rule.Miss;
import dev.tocsin.rule.Place;
import dev.tocsin.rule.ShownValue;
import dev.tocsin.rule.Trace;
import dev.tocsin.rule.Warning;
import java.util.List;

/**
 * Writes why a calculation said what it said. What can be long is shortened and bounded: the trace
 * and the misses have so much room each, and what finds none is counted as {@code omitted}.
 */
final class ExplanationJson {
  private final JsonText out;
  private final ExplanationLimits limits;

  /** Where the last part may begin. */
  private final int end;

  private boolean isCut;

  private ExplanationJson(JsonText out, ExplanationLimits limits) {
    this.out = out;
    this.limits = limits;
    this.end = out.length() + limits.charactersMax();
  }

  /**
   * Appends {@code trace}, and {@code misses} if there are any, as members of an object.
   *
   * @return whether all of it found room
   */
  static boolean append(JsonText out, Explanation explanation, ExplanationLimits limits) {
    ExplanationJson trace = new ExplanationJson(out, limits);
    trace.appendMembers(out.open("trace"), explanation.trace());
    out.close();
    ExplanationJson misses = new ExplanationJson(out, limits);
    if (!explanation.misses().isEmpty()) {
      misses.appendMisses(explanation.misses());
    }
    return !trace.isCut && !misses.isCut;
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

  private void appendMembers(JsonText object, Trace trace) {
    append(trace.place(), trace.text());
    append(trace.finding());
    if (trace.decided()) {
      object.flag("decided", true);
    }
    Difference difference = trace.difference();
    if (difference != null) {
      append(difference);
    }
    if (!trace.parts().isEmpty()) {
      appendParts(trace.parts());
    }
  }

  private void appendParts(List<Trace> parts) {
    out.openArray("parts");
    int shown = 0;
    for (int i = 0; i < parts.size(); i++) {
      Trace part = parts.get(i);
      if (out.length() < end && (i < limits.partsMax() || part.decided())) {
        appendMembers(out.open(), part);
        out.close();
        shown++;
      }
    }
    out.closeArray();
    if (shown < parts.size()) {
      out.number("omitted", parts.size() - shown);
      isCut = true;
    }
  }

  private void appendMisses(List<Miss> misses) {
    out.openArray("misses");
    int shown = 0;
    while (shown < misses.size() && out.length() < end) {
      append(misses.get(shown++));
    }
    out.closeArray();
    if (shown < misses.size()) {
      out.number("missesOmitted", misses.size() - shown);
      isCut = true;
    }
  }

  private void append(Miss miss) {
    appendMembers(out.open(), miss.condition());
    out.flag("wanted", miss.wanted());
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

  private void append(Difference difference) {
    out.open("difference").text("path", ShownValue.shortened(difference.path()));
    ValueJson.appendItem(out.open("old"), difference.before());
    ValueJson.appendItem(out.close().open("new"), difference.after());
    out.close().close();
  }

  private void append(Place place, String text) {
    out.text("text", text)
        .number("line", place.line())
        .number("column", place.column())
        .number("start", place.start())
        .number("end", place.end());
  }

  private void append(Finding finding) {
    switch (finding) {
      case Finding.Known(Object value) -> ValueJson.append(out, value, limits);
      case Finding.Failed(String reason) -> out.text("error", reason);
      case Finding.Skipped _ -> out.flag("skipped", true);
    }
  }
}
