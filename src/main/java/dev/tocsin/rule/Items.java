package dev.tocsin.rule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the functions of arrays and objects mean. */
final class Items {
  private final int itemsMax;

  Items(CalculationLimits limits) {
    itemsMax = limits.itemsMax();
  }

  Object size(Object value) {
    return (long) array("size", value).size();
  }

  /** Whether an item equals a value. */
  Object includes(Object value, Object wanted) {
    List<?> items = array("includes", value);
    if (items.size() > itemsMax) {
      throw new EvaluationFailure("includes takes arrays of %d items at most".formatted(itemsMax));
    }
    for (Object item : items) {
      if (Comparison.equal(item, wanted)) {
        return true;
      }
    }
    return false;
  }

  /** Whether two values are not the same, as far down as they go. */
  boolean differ(@Nullable Object one, @Nullable Object other) {
    return !new Budget().same(one, other);
  }

  private static List<?> array(String function, Object value) {
    if (value instanceof List<?> array) {
      return array;
    }
    throw new EvaluationFailure(
        "%s needs an array, and has %s".formatted(function, Kind.of(value).words()));
  }

  /** How many values of objects and arrays may still be compared. */
  private final class Budget {
    private int left = itemsMax;

    private boolean same(@Nullable Object one, @Nullable Object other) {
      if (one instanceof Map<?, ?> object && other instanceof Map<?, ?> another) {
        return object.size() == another.size() && haveSameFields(object, another);
      }
      if (one instanceof List<?> array && other instanceof List<?> another) {
        return array.size() == another.size() && haveSameItems(array, another);
      }
      boolean unlike = one instanceof Map<?, ?> || one instanceof List<?>;
      return !unlike && Comparison.equal(one, other);
    }

    private boolean haveSameFields(Map<?, ?> one, Map<?, ?> other) {
      for (Map.Entry<?, ?> field : one.entrySet()) {
        spend();
        Object name = field.getKey();
        if (!other.containsKey(name) || !same(field.getValue(), other.get(name))) {
          return false;
        }
      }
      return true;
    }

    private boolean haveSameItems(List<?> one, List<?> other) {
      for (int i = 0; i < one.size(); i++) {
        spend();
        if (!same(one.get(i), other.get(i))) {
          return false;
        }
      }
      return true;
    }

    private void spend() {
      if (--left < 0) {
        throw new EvaluationFailure(
            "changed compares %d values of an object or array at most".formatted(itemsMax));
      }
    }
  }
}
