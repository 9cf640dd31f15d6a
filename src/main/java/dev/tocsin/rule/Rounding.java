package dev.tocsin.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** The functions of m3ter's {@code Math} that compare and round numbers. */
final class Rounding {
  private static final int PLACES_MAX = 300;

  private final Arithmetic arithmetic;

  Rounding(Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
  }

  Object max(Object one, Object other) {
    return number("Math.max", one).compareTo(number("Math.max", other)) < 0 ? other : one;
  }

  Object min(Object one, Object other) {
    return number("Math.min", one).compareTo(number("Math.min", other)) > 0 ? other : one;
  }

  Object abs(Object value) {
    if (value instanceof Long whole && whole != Long.MIN_VALUE) {
      return Math.abs(whole);
    }
    return number("Math.abs", value).abs();
  }

  Object floor(Object value, Object places) {
    return rounded("Math.floor", value, places, RoundingMode.FLOOR);
  }

  Object ceil(Object value, Object places) {
    return rounded("Math.ceil", value, places, RoundingMode.CEILING);
  }

  /** Halves go up, towards the larger number: 2.5 to 3 and -2.5 to -2. */
  Object round(Object value, Object places) {
    BigDecimal number = number("Math.round", value);
    RoundingMode mode = number.signum() < 0 ? RoundingMode.HALF_DOWN : RoundingMode.HALF_UP;
    return rounded("Math.round", number, places, mode);
  }

  /** To so many decimal places, or to tens, hundreds and so on if they are negative. */
  private Object rounded(String function, Object value, Object places, RoundingMode mode) {
    int scale = places(function, places);
    BigDecimal number = number(function, value);
    return number.scale() <= scale ? value : arithmetic.checked(number.setScale(scale, mode));
  }

  private int places(String function, Object places) {
    BigDecimal number = number(function, places);
    if (!Casts.isWhole(number) || number.abs().compareTo(BigDecimal.valueOf(PLACES_MAX)) > 0) {
      throw new EvaluationFailure(
          "%s needs a whole number of places, %d at most".formatted(function, PLACES_MAX), places);
    }
    return number.intValueExact();
  }

  private BigDecimal number(String function, Object value) {
    return arithmetic.operand(function, value);
  }
}
