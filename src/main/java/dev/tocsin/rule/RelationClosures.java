package dev.tocsin.rule;

import dev.tocsin.rule.Term.Constant;
import org.jspecify.annotations.Nullable;

/**
 * The closures of comparisons. A field compared with a constant, which is most of what rules do,
 * gets a closure made for the constant's kind; {@link Comparison} does the rest.
 */
final class RelationClosures {
  private final Comparison comparison;

  RelationClosures(Comparison comparison) {
    this.comparison = comparison;
  }

  Condition of(Relation relation, Term left, Term right) {
    if (left instanceof FieldPath field && right instanceof Constant(Object constant)) {
      return ofField(relation, field, constant);
    }
    if (left instanceof Constant(Object constant) && right instanceof FieldPath field) {
      return ofField(relation.mirrored(), field, constant);
    }
    return general(relation, left, right);
  }

  /** A closure for each relation, so that none has to be looked up for every change. */
  private Condition general(Relation relation, Term left, Term right) {
    Comparison on = comparison;
    return switch (relation) {
      case EQUAL -> change -> on.equal(left.value(change), right.value(change));
      case UNEQUAL -> change -> !on.equal(left.value(change), right.value(change));
      case LESS -> change -> on.less(left.value(change), right.value(change));
      case AT_MOST -> change -> on.atMost(left.value(change), right.value(change));
      case MORE -> change -> on.more(left.value(change), right.value(change));
      case AT_LEAST -> change -> on.atLeast(left.value(change), right.value(change));
    };
  }

  private Condition ofField(Relation relation, FieldPath field, @Nullable Object constant) {
    return switch (constant) {
      case null -> ofNull(relation, field);
      case Number number -> {
        Whole whole = Whole.of(number);
        yield whole == null
            ? general(relation, field, new Constant(constant))
            : ofWhole(relation, field, whole);
      }
      case String text when relation == Relation.EQUAL && comparison.isShort(text) ->
          change -> text.equals(field.value(change));
      case String text when relation == Relation.UNEQUAL && comparison.isShort(text) ->
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

  private static Condition ofWhole(Relation relation, FieldPath field, Whole constant) {
    return switch (relation) {
      case EQUAL -> change -> constant.is(field.value(change));
      case UNEQUAL -> change -> !constant.is(field.value(change));
      case LESS -> change -> constant.isAbove(field.value(change));
      case AT_MOST -> change -> constant.isAtLeast(field.value(change));
      case MORE -> change -> constant.isBelow(field.value(change));
      case AT_LEAST -> change -> constant.isAtMost(field.value(change));
    };
  }
}
