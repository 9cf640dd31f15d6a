package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * That a field is a number within bounds.
 *
 * @param low null for no lower bound
 * @param high null for no upper bound
 */
public record Within(FieldPath field, @Nullable Bound low, @Nullable Bound high) {
  public Within {
    Objects.requireNonNull(field);
    if (low == null && high == null) {
      throw new IllegalArgumentException("a range needs a bound");
    }
  }

  /** That a field stands in a relation of order to a number. */
  static Within of(FieldPath field, Relation relation, Number number) {
    return switch (relation) {
      case LESS -> new Within(field, null, new Bound(number, true));
      case AT_MOST -> new Within(field, null, new Bound(number, false));
      case MORE -> new Within(field, new Bound(number, true), null);
      case AT_LEAST -> new Within(field, new Bound(number, false), null);
      case EQUAL, UNEQUAL -> throw new IllegalArgumentException("not an order: " + relation);
    };
  }

  /** Whether it is a band. */
  public boolean isBounded() {
    return low != null && high != null;
  }

  /** Both tests of one field at once. */
  Within and(Within other) {
    return new Within(field, Bound.higher(low, other.low), Bound.lower(high, other.high));
  }
}
