package dev.tocsin.rule.index;

import java.math.BigDecimal;

/**
 * Two doubles that a number lies between; both are the number itself where it is a double.
 *
 * <p>Bounds are found by doubles. What a bound admits is certain for a number that is a double, and
 * for any other unless the bound lies within its two doubles: only there the exact numbers have to
 * be compared.
 */
record Approximation(double floor, double ceiling) {
  /** Whole numbers to this one are doubles. */
  private static final long WHOLE_MAX = 1L << 53;

  /** The doubles around a number; not always the closest, since to find those takes long. */
  static Approximation of(Number number) {
    if (number instanceof Long whole && whole >= -WHOLE_MAX && whole <= WHOLE_MAX) {
      return new Approximation(whole, whole);
    }
    double close = number.doubleValue();
    return new Approximation(Math.nextDown(close), Math.nextUp(close));
  }

  /** The closest doubles around a number. */
  static Approximation closest(Number number) {
    double close = number.doubleValue();
    if (Double.isInfinite(close)) {
      return of(number);
    }
    int order =
        number instanceof BigDecimal decimal
            ? decimal.compareTo(new BigDecimal(close))
            : BigDecimal.valueOf(number.longValue()).compareTo(new BigDecimal(close));
    // Adding zero leaves no zero with a sign, which would not be equal to the other one everywhere.
    return new Approximation(
        order < 0 ? Math.nextDown(close) : close + 0.0,
        order > 0 ? Math.nextUp(close) : close + 0.0);
  }

  boolean isExact() {
    return floor == ceiling;
  }
}
