package dev.tocsin.rule;

/**
 * Where a part of a calculation is written.
 *
 * @param at what a message about it points at: its first character, or its operator's if it has one
 *     between its operands
 * @param start offset of its first character
 * @param end offset behind its last character
 */
record Span(Position at, int start, int end) {
  Span {
    if (start < 0 || end < start) {
      throw new IllegalArgumentException("no part of a text: " + start + " to " + end);
    }
  }
}
