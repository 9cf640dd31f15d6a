package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a range of numbers ends.
 *
 * @param open whether the number itself is outside
 */
record Bound(Number number, boolean open) {
  Bound {
    Objects.requireNonNull(number);
  }

  /** Whether a number is inside this lower bound. */
  boolean admitsFromBelow(Number value) {
    return open ? Comparison.less(number, value) : Comparison.atMost(number, value);
  }

  /** Whether a number is inside this upper bound. */
  boolean admitsFromAbove(Number value) {
    return open ? Comparison.less(value, number) : Comparison.atMost(value, number);
  }

  /** Of two lower bounds the one that admits less; null is no bound. */
  static @Nullable Bound higher(@Nullable Bound one, @Nullable Bound other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    if (Comparison.equal(one.number, other.number)) {
      return one.open ? one : other;
    }
    return Comparison.less(one.number, other.number) ? other : one;
  }

  /** Of two upper bounds the one that admits less; null is no bound. */
  static @Nullable Bound lower(@Nullable Bound one, @Nullable Bound other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    if (Comparison.equal(one.number, other.number)) {
      return one.open ? one : other;
    }
    return Comparison.less(one.number, other.number) ? one : other;
  }
}
