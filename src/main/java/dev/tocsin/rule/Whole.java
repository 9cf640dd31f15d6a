package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A whole constant in both forms a field's number can have, so that none is made per change. It
 * compares as {@link Comparison} does; no value that is not a number is on either side of it.
 */
record Whole(long number, BigDecimal decimal) {
  private static final int NONE = Integer.MIN_VALUE;

  Whole {
    Objects.requireNonNull(decimal);
  }

  /** A constant, if it is whole and fits a long; else null. */
  static @Nullable Whole of(Number constant) {
    return Comparison.canonical(Comparison.decimal(constant)) instanceof Long whole
        ? new Whole(whole, BigDecimal.valueOf(whole))
        : null;
  }

  boolean is(@Nullable Object value) {
    return order(value) == 0;
  }

  boolean isAbove(@Nullable Object value) {
    int order = order(value);
    return order < 0 && order != NONE;
  }

  boolean isAtLeast(@Nullable Object value) {
    int order = order(value);
    return order <= 0 && order != NONE;
  }

  boolean isBelow(@Nullable Object value) {
    return order(value) > 0;
  }

  boolean isAtMost(@Nullable Object value) {
    return order(value) >= 0;
  }

  /** The sign of the value's difference to the constant; {@link #NONE} if it is no number. */
  private int order(@Nullable Object value) {
    if (value instanceof Long whole) {
      return Long.compare(whole, number);
    }
    return value instanceof BigDecimal other ? other.compareTo(decimal) : NONE;
  }
}
