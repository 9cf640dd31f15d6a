package dev.tocsin.rule;

import java.util.Objects;

/**
 * What is probably a mistake in a calculation that can be read, and where.
 *
 * @param line from 1
 * @param column from 1, as in a {@link Problem}
 */
public record Warning(int line, int column, String message) {
  public Warning {
    if (line < 1 || column < 1) {
      throw new IllegalArgumentException("no place in a text: " + line + ":" + column);
    }
    Objects.requireNonNull(message);
  }
}
