package dev.tocsin.rule;

/** Reads calculations within limits it knows. */
@FunctionalInterface
public interface CalculationParser {
  /** Reads a text; see {@link Calculations#parse}. */
  Parsed parse(String text);
}
