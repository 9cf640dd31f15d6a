package dev.tocsin.rule;

/**
 * What a calculation may cost. The first five are checked when the text is read, the others when it
 * runs, since they depend on what the fields hold.
 *
 * @param lengthMax characters of the text
 * @param nodesMax parts of the calculation: every constant, every step of a field's path and every
 *     operator is one; arithmetic, functions and patterns count by their cost (see {@link
 *     Operation}, {@link Function} and {@link TextPattern})
 * @param depthMax nesting of parentheses, lists, signs, NOT, branches of {@code ? :} and {@code
 *     ?:}, and exponents of exponents
 * @param literalDigitsMax digits of a number in the text
 * @param listMax values of one {@code in} list
 * @param exponentMax the exponent of a power, sign aside
 * @param resultDigitsMax digits of a number that arithmetic takes or gives, written out without an
 *     exponent; whole numbers that fit a long are always allowed
 * @param textMax characters of a text that a function takes, or that {@code +} gives
 * @param patternTextMax characters of a text that is matched with a pattern
 * @param comparedTextMax characters of a text that is compared with another text as long or longer;
 *     texts of different lengths are always known to be unequal
 * @param itemsMax items of an array that is searched, and values of objects or arrays that are
 *     compared for a change; see {@link Items} for those that count as more
 */
public record CalculationLimits(
    int lengthMax,
    int nodesMax,
    int depthMax,
    int literalDigitsMax,
    int listMax,
    int exponentMax,
    int resultDigitsMax,
    int textMax,
    int patternTextMax,
    int comparedTextMax,
    int itemsMax) {

  /** Far above any rule we have seen, and the costliest calculation within stays near 50 µs. */
  public static final CalculationLimits DEFAULTS =
      new CalculationLimits(20_000, 1_000, 50, 100, 500, 1_000, 300, 1_024, 128, 4_096, 200);

  /** What a server may be set to: with more, trees could be deeper than a thread's stack. */
  public static final CalculationLimits LARGEST =
      new CalculationLimits(
          1_000_000, 2_000, 100, 1_000, 100_000, 10_000, 10_000, 1_000_000, 100_000, 1_000_000,
          1_000_000);

  public CalculationLimits {
    atLeastOne("lengthMax", lengthMax);
    atLeastOne("nodesMax", nodesMax);
    atLeastOne("depthMax", depthMax);
    atLeastOne("literalDigitsMax", literalDigitsMax);
    atLeastOne("listMax", listMax);
    atLeastOne("exponentMax", exponentMax);
    atLeastOne("resultDigitsMax", resultDigitsMax);
    atLeastOne("textMax", textMax);
    atLeastOne("patternTextMax", patternTextMax);
    atLeastOne("comparedTextMax", comparedTextMax);
    atLeastOne("itemsMax", itemsMax);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1, and is " + value);
    }
  }
}
