package dev.tocsin.rule.index;

/**
 * The two numbers of an event that windows of one pair of fields are about, which are mostly one.
 */
record Spot(Number low, Approximation aroundLow, Number high, Approximation aroundHigh) {
  static Spot of(Number low, Number high) {
    Approximation aroundLow = Approximation.of(low);
    return new Spot(low, aroundLow, high, low.equals(high) ? aroundLow : Approximation.of(high));
  }

  /** Whether a window with these bounds is around it for certain. */
  boolean isIn(double lowest, double highest) {
    return lowest <= aroundLow.floor() && highest >= aroundHigh.ceiling();
  }
}
