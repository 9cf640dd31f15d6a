package dev.tocsin.rule;

/** Reads calculations within limits it knows. */
@FunctionalInterface
public interface CalculationParser {
  /** Reads a text; see {@link Calculations#parse}. */
  Parsed parse(String text);

  /** One whose calculations are never compiled. */
  static CalculationParser within(CalculationLimits limits) {
    return text -> Calculations.parse(text, limits);
  }
}
