package dev.tocsin.rule;

import dev.tocsin.rule.Term.Constant;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The closures of comparisons. A field compared with a constant, which is most of what rules do,
 * gets a closure made for the constant's kind; {@link Comparison} does the rest.
 */
final class RelationClosures {
  private RelationClosures() {}

  static Condition of(Relation relation, Term left, Term right) {
    if (left instanceof FieldPath field && right instanceof Constant(Object constant)) {
      return ofField(relation, field, constant);
    }
    if (left instanceof Constant(Object constant) && right instanceof FieldPath field) {
      return ofField(relation.mirrored(), field, constant);
    }
    return general(relation, left, right);
  }

  private static Condition general(Relation relation, Term left, Term right) {
    return switch (relation) {
      case EQUAL -> change -> Comparison.equal(left.value(change), right.value(change));
      case UNEQUAL -> change -> !Comparison.equal(left.value(change), right.value(change));
      case LESS -> change -> Comparison.less(left.value(change), right.value(change));
      case AT_MOST -> change -> Comparison.atMost(left.value(change), right.value(change));
      case MORE -> change -> Comparison.more(left.value(change), right.value(change));
      case AT_LEAST -> change -> Comparison.atLeast(left.value(change), right.value(change));
    };
  }

  private static Condition ofField(Relation relation, FieldPath field, @Nullable Object constant) {
    return switch (constant) {
      case null -> ofNull(relation, field);
      case Number number ->
          Comparison.canonical(Comparison.decimal(number)) instanceof Long whole
              ? ofWhole(relation, field, whole)
              : general(relation, field, new Constant(constant));
      case String text when relation == Relation.EQUAL ->
          change -> text.equals(field.value(change));
      case String text when relation == Relation.UNEQUAL ->
          change -> !text.equals(field.value(change));
      default -> general(relation, field, new Constant(constant));
    };
  }

  /** Null has no order, so that only the test for it can be true. */
  private static Condition ofNull(Relation relation, FieldPath field) {
    return switch (relation) {
      case EQUAL -> change -> field.value(change) == null;
      case UNEQUAL -> change -> field.value(change) != null;
      case LESS, AT_MOST, MORE, AT_LEAST -> change -> false;
    };
  }

  private static Condition ofWhole(Relation relation, FieldPath field, long whole) {
    Whole constant = new Whole(whole, BigDecimal.valueOf(whole));
    return switch (relation) {
      case EQUAL -> change -> constant.order(field.value(change)) == 0;
      case UNEQUAL -> change -> constant.order(field.value(change)) != 0;
      case LESS -> change -> constant.isAbove(field.value(change));
      case AT_MOST -> change -> constant.isAtLeast(field.value(change));
      case MORE -> change -> constant.order(field.value(change)) > 0;
      case AT_LEAST -> change -> constant.order(field.value(change)) >= 0;
    };
  }

  /** A whole constant in both forms a field's number can have, so that none is made per change. */
  private record Whole(long number, BigDecimal decimal) {
    private static final int NONE = Integer.MIN_VALUE;

    private Whole {
      Objects.requireNonNull(decimal);
    }

    /** The sign of the value's difference to the constant; {@link #NONE} if it is no number. */
    int order(@Nullable Object value) {
      if (value instanceof Long whole) {
        return Long.compare(whole, number);
      }
      return value instanceof BigDecimal other ? other.compareTo(decimal) : NONE;
    }

    boolean isAbove(@Nullable Object value) {
      int order = order(value);
      return order < 0 && order != NONE;
    }

    boolean isAtLeast(@Nullable Object value) {
      int order = order(value);
      return order <= 0 && order != NONE;
    }
  }
}
