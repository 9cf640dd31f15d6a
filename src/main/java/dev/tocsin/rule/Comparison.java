package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the comparisons mean for any two values.
 *
 * <p>Numbers are equal when they are the same number, however written: 5 and 5.00. Null equals null
 * only. Values of different kinds are unequal and have no order; nor have booleans and null, so
 * that of such a pair neither {@code <} nor {@code >=} is true. Texts are ordered by their UTF-16
 * units, so that ISO dates come in the order of time.
 *
 * <p>Two texts that are both longer than a limit are not read: if their lengths don't tell that
 * they are unequal, they cannot be compared. That depends on the two texts only, so that the same
 * event always gives the same answer.
 */
final class Comparison {
  private static final int LONG_DIGITS_MAX = 19;

  private final int textMax;

  Comparison(CalculationLimits limits) {
    textMax = limits.comparedTextMax();
  }

  /** Whether two values stand in a relation; throws as the method of that relation does. */
  boolean holds(Relation relation, @Nullable Object left, @Nullable Object right) {
    return switch (relation) {
      case EQUAL -> equal(left, right);
      case UNEQUAL -> !equal(left, right);
      case LESS -> less(left, right);
      case AT_MOST -> atMost(left, right);
      case MORE -> more(left, right);
      case AT_LEAST -> atLeast(left, right);
    };
  }

  /**
   * Whether two values are the same.
   *
   * @throws EvaluationFailure for two objects or two arrays, whose comparison would cost as much as
   *     they are large, and for two long texts of the same length
   */
  boolean equal(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      return one.longValue() == other.longValue();
    }
    if (left instanceof String one && right instanceof String other) {
      return one.length() == other.length() && readable(one, other).equals(other);
    }
    if (left == null || right == null) {
      return left == null && right == null;
    }
    if (left instanceof Number one && right instanceof Number other) {
      return decimal(one).compareTo(decimal(other)) == 0;
    }
    if (isStructure(left) && isStructure(right)) {
      throw new EvaluationFailure("objects and arrays cannot be compared with each other");
    }
    return left.equals(right);
  }

  boolean less(@Nullable Object lower, @Nullable Object upper) {
    if (lower instanceof Long one && upper instanceof Long other) {
      return one < other;
    }
    if (lower instanceof String one && upper instanceof String other) {
      return readable(one, other).compareTo(other) < 0;
    }
    return lower instanceof Number one
        && upper instanceof Number other
        && decimal(one).compareTo(decimal(other)) < 0;
  }

  boolean atMost(@Nullable Object lower, @Nullable Object upper) {
    if (lower instanceof Long one && upper instanceof Long other) {
      return one <= other;
    }
    if (lower instanceof String one && upper instanceof String other) {
      return readable(one, other).compareTo(other) <= 0;
    }
    return lower instanceof Number one
        && upper instanceof Number other
        && decimal(one).compareTo(decimal(other)) <= 0;
  }

  boolean more(@Nullable Object left, @Nullable Object right) {
    return less(right, left);
  }

  boolean atLeast(@Nullable Object left, @Nullable Object right) {
    return atMost(right, left);
  }

  /** Whether a text can be compared with any other. */
  boolean isShort(String text) {
    return text.length() <= textMax;
  }

  /** The first of two texts, one of which at least is short enough to be read. */
  private String readable(String one, String other) {
    if (!isShort(one) && !isShort(other)) {
      throw new EvaluationFailure(
          "texts are compared only if one of them has %d characters at most".formatted(textMax));
    }
    return one;
  }

  /**
   * A constant in the one form that all equal numbers share: {@code Long} if it is whole and fits,
   * else a decimal without trailing zeros. Not for a field's number, whose exponent may be such
   * that no zero can be stripped.
   */
  static Number canonical(BigDecimal constant) {
    BigDecimal stripped = constant.stripTrailingZeros();
    int digitsBeforePoint = stripped.precision() - stripped.scale();
    if (stripped.scale() <= 0 && digitsBeforePoint <= LONG_DIGITS_MAX) {
      BigDecimal whole = stripped.setScale(0);
      if (whole.unscaledValue().bitLength() < Long.SIZE) {
        return whole.longValueExact();
      }
    }
    return stripped;
  }

  /** Which of two numbers is larger, as {@link Comparable#compareTo} says it. */
  static int order(Number one, Number other) {
    return one instanceof Long whole && other instanceof Long another
        ? whole.compareTo(another)
        : decimal(one).compareTo(decimal(other));
  }

  /** The same number as a decimal. */
  static BigDecimal decimal(Number number) {
    return number instanceof Long whole ? BigDecimal.valueOf(whole) : (BigDecimal) number;
  }

  private static boolean isStructure(Object value) {
    boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
    return !plain && (value instanceof Map<?, ?> || value instanceof List<?>);
  }
}
