package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A calculation's text, which knows where its lines begin. */
final class SourceText {
  /** Longest excerpt, in UTF-16 units. */
  static final int EXCERPT_LENGTH_MAX = 100;

  private final String text;

  /** The offsets at which lines begin, ascending. */
  private final List<Integer> lineStarts;

  SourceText(String text) {
    this.text = text;
    this.lineStarts = lineStarts(text);
  }

  /** Lines end as for the {@link Tokenizer}: with LF, CR or both. */
  private static List<Integer> lineStarts(String text) {
    List<Integer> starts = new ArrayList<>(List.of(0));
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean firstOfTwo = c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n';
      if ((c == '\n' || c == '\r') && !firstOfTwo) {
        starts.add(i + 1);
      }
    }
    return starts;
  }

  /** Where a part of the text is. */
  Place place(Span span) {
    int found = Collections.binarySearch(lineStarts, span.start());
    int line = found >= 0 ? found : -found - 2;
    int column = span.start() - lineStarts.get(line) + 1;
    return new Place(span.start(), span.end(), line + 1, column);
  }

  /**
   * A part of the text; of a long one the beginning and {@code …}, so that the excerpts of a tree,
   * each of which lies in the one above, stay in proportion to the tree.
   */
  String excerpt(Span span) {
    if (span.end() - span.start() <= EXCERPT_LENGTH_MAX) {
      return text.substring(span.start(), span.end());
    }
    int end = span.start() + EXCERPT_LENGTH_MAX - 1;
    boolean splits = Character.isHighSurrogate(text.charAt(end - 1));
    return text.substring(span.start(), splits ? end - 1 : end) + "…";
  }
}
