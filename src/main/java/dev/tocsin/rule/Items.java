package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the functions of arrays and objects mean.
 *
 * <p>They read a limited number of values. One that takes longer to compare counts as several: a
 * number of more than 18 digits as 10, and a text, or a field's name, as one more for every 64
 * characters.
 */
final class Items {
  private static final int TEXT_UNIT = 64;
  private static final int SHORT_DIGITS = 18;
  private static final int LONG_NUMBER_COST = 10;

  private final int itemsMax;
  private final Comparison comparison;

  Items(CalculationLimits limits, Comparison comparison) {
    this.itemsMax = limits.itemsMax();
    this.comparison = comparison;
  }

  Object size(Object value) {
    return (long) array("size", value).size();
  }

  /** Whether an item equals a value. */
  Object includes(Object value, Object wanted) {
    List<?> items = array("includes", value);
    String tooMany = "includes takes arrays of %d items at most";
    if (items.size() > itemsMax) {
      throw new EvaluationFailure(tooMany.formatted(itemsMax), items);
    }
    Budget budget = new Budget(tooMany);
    for (Object item : items) {
      budget.spend(cost(item, wanted));
      if (comparison.equal(item, wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether two values are not the same, as far down as they go. */
  boolean differ(@Nullable Object one, @Nullable Object other) {
    return !new Budget("changed compares %d values of an object or array at most").same(one, other);
  }

  private static List<?> array(String function, Object value) {
    if (value instanceof List<?> array) {
      return array;
    }
    throw new EvaluationFailure(
        "%s needs an array, and has %s".formatted(function, Kind.of(value).words()), value);
  }

  /** How many values the comparison of two counts as. */
  private static int cost(@Nullable Object one, @Nullable Object other) {
    if (one instanceof String text && other instanceof String another) {
      return text.length() == another.length() ? 1 + text.length() / TEXT_UNIT : 1;
    }
    boolean numbers = one instanceof Number && other instanceof Number;
    return numbers && (isLong(one) || isLong(other)) ? LONG_NUMBER_COST : 1;
  }

  private static boolean isLong(@Nullable Object value) {
    return value instanceof BigDecimal number && number.precision() > SHORT_DIGITS;
  }

  /** How many values of objects and arrays may still be compared. */
  private final class Budget {
    private final String exceeded;
    private int left = itemsMax;

    Budget(String exceeded) {
      this.exceeded = exceeded;
    }

    private boolean same(@Nullable Object one, @Nullable Object other) {
      if (one instanceof Map<?, ?> object && other instanceof Map<?, ?> another) {
        return object.size() == another.size() && haveSameFields(object, another);
      }
      if (one instanceof List<?> array && other instanceof List<?> another) {
        return array.size() == another.size() && haveSameItems(array, another);
      }
      boolean unlike = one instanceof Map<?, ?> || one instanceof List<?>;
      return !unlike && comparison.equal(one, other);
    }

    private boolean haveSameFields(Map<?, ?> one, Map<?, ?> other) {
      for (Map.Entry<?, ?> field : one.entrySet()) {
        String name = (String) field.getKey();
        Object value = field.getValue();
        Object another = other.get(name);
        spend(cost(value, another) + name.length() / TEXT_UNIT);
        if ((another == null && !other.containsKey(name)) || !same(value, another)) {
          return false;
        }
      }
      return true;
    }

    private boolean haveSameItems(List<?> one, List<?> other) {
      for (int i = 0; i < one.size(); i++) {
        spend(cost(one.get(i), other.get(i)));
        if (!same(one.get(i), other.get(i))) {
          return false;
        }
      }
      return true;
    }

    private void spend(int values) {
      left -= values;
      if (left < 0) {
        throw new EvaluationFailure(exceeded.formatted(itemsMax));
      }
    }
  }
}
