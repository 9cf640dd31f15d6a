package dev.tocsin.rule;

import java.util.Objects;

/**
 * Why a calculation's text is refused, or could not be computed, and where.
 *
 * @param line from 1
 * @param column from 1, in UTF-16 units, as editors of most languages count
 * @param message what was found and what was expected; printable ASCII apart from names and texts
 *     the author wrote
 */
public record Problem(int line, int column, String message) {
  public Problem {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("no place in a text: " + line + ":" + column);
    }
    Objects.requireNonNull(message);
  }

  /** The message with its place, for where there is room for a text alone. */
  public String located() {
    return "line %d, column %d: %s".formatted(line, column, message);
  }
}
