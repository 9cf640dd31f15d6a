package dev.tocsin.rule;

/**
 * Which characters of a calculation's text something is about.
 *
 * @param start offset of the first, from 0, in UTF-16 units
 * @param end offset behind the last
 * @param line of the first, from 1
 * @param column of the first, from 1
 */
public record Place(int start, int end, int line, int column) {
  public Place {
    if (start < 0 || end < start || line < 1 || column < 1) {
      throw new IllegalArgumentException(
          "no place in a text: %d to %d, %d:%d".formatted(start, end, line, column));
    }
  }
}
