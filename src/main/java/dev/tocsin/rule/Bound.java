package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a range of numbers ends.
 *
 * @param number a {@code Long} or a {@code BigDecimal}, as all numbers of the language
 * @param open whether the number itself is outside
 */
public record Bound(Number number, boolean open) {
  public Bound {
    Objects.requireNonNull(number);
  }

  /** Whether a number is inside this lower bound. */
  public boolean admitsFromBelow(Number value) {
    return Comparison.order(number, value) < (open ? 0 : 1);
  }

  /** Whether a number is inside this upper bound. */
  public boolean admitsFromAbove(Number value) {
    return Comparison.order(value, number) < (open ? 0 : 1);
  }

  /** Of two lower bounds the one that admits less; null is no bound. */
  static @Nullable Bound higher(@Nullable Bound one, @Nullable Bound other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    int order = Comparison.order(one.number, other.number);
    if (order == 0) {
      return one.open ? one : other;
    }
    return order < 0 ? other : one;
  }

  /** Of two upper bounds the one that admits less; null is no bound. */
  static @Nullable Bound lower(@Nullable Bound one, @Nullable Bound other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    int order = Comparison.order(one.number, other.number);
    if (order == 0) {
      return one.open ? one : other;
    }
    return order < 0 ? one : other;
  }
}
