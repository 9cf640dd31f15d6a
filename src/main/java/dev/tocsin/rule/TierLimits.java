package dev.tocsin.rule;

/**
 * When calculations are compiled.
 *
 * @param compiledMax how many at once; 0 compiles none
 * @param compileAfter evaluations after which one asks to be
 */
public record TierLimits(int compiledMax, int compileAfter) {
  public TierLimits {
    if (compiledMax < 0) {
      throw new IllegalArgumentException(
          "compiledMax must not be less than 0, and is " + compiledMax);
    }
    if (compileAfter < 1) {
      throw new IllegalArgumentException("compileAfter must be at least 1, and is " + compileAfter);
    }
  }
}
