package dev.tocsin.rule;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * What arithmetic means for any two values: exact, with whole numbers that fit as {@code long}, and
 * null when either side is null.
 *
 * <p>Sums, products and powers have every digit; a quotient is rounded to 34 digits, half to even
 * (IEEE 754 decimal128). Every digit is counted before it is computed: numbers are at most so many
 * digits long when written out, which keeps {@code 1e999999999} from being aligned with 1. All
 * methods throw {@link EvaluationFailure} for a value that is no number, and for a number too long.
 */
final class Arithmetic {
  /** A bit of a number's length is so many decimal digits, rounded down. */
  private static final double DIGITS_PER_BIT = 0.301;

  private final int digitsMax;
  private final int exponentMax;
  private final int textMax;

  Arithmetic(CalculationLimits limits) {
    digitsMax = limits.resultDigitsMax();
    exponentMax = limits.exponentMax();
    textMax = limits.textMax();
  }

  @Nullable Object compute(Operation operation, @Nullable Object left, @Nullable Object right) {
    return switch (operation) {
      case ADD -> add(left, right);
      case SUBTRACT -> subtract(left, right);
      case MULTIPLY -> multiply(left, right);
      case DIVIDE -> divide(left, right);
      case REMAINDER -> remainder(left, right);
      case POWER -> power(left, right);
    };
  }

  /** The sum of two numbers, or two texts joined. */
  @Nullable Object add(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      long sum = one + other;
      boolean overflown = ((one ^ sum) & (other ^ sum)) < 0;
      return overflown ? BigDecimal.valueOf(one).add(BigDecimal.valueOf(other)) : (Long) sum;
    }
    if (left == null || right == null) {
      return null;
    }
    if (left instanceof String one && right instanceof String other) {
      return joined(one, other);
    }
    if (left instanceof String || right instanceof String) {
      throw new EvaluationFailure(
          "'+' needs two numbers or two texts, and has %s and %s"
              .formatted(Kind.of(left).words(), Kind.of(right).words()),
          left instanceof String || left instanceof Number ? right : left);
    }
    return checked(operand("+", left).add(operand("+", right)));
  }

  @Nullable Object subtract(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      long difference = one - other;
      boolean overflown = ((one ^ other) & (one ^ difference)) < 0;
      return overflown
          ? BigDecimal.valueOf(one).subtract(BigDecimal.valueOf(other))
          : (Long) difference;
    }
    if (left == null || right == null) {
      return null;
    }
    return checked(operand("-", left).subtract(operand("-", right)));
  }

  @Nullable Object multiply(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other) {
      long product = one * other;
      boolean fits = Math.multiplyHigh(one, other) == product >> (Long.SIZE - 1);
      return fits ? (Long) product : BigDecimal.valueOf(one).multiply(BigDecimal.valueOf(other));
    }
    if (left == null || right == null) {
      return null;
    }
    return checked(operand("*", left).multiply(operand("*", right)));
  }

  @Nullable Object divide(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one
        && right instanceof Long other
        && other > 0 // also keeps out the one quotient that overflows, by -1
        && one % other == 0) {
      return one / other;
    }
    if (left == null || right == null) {
      return null;
    }
    BigDecimal dividend = operand("/", left);
    BigDecimal divisor = operand("/", right);
    if (divisor.signum() == 0) {
      throw divisionByZero(right);
    }
    return checked(dividend.divide(divisor, MathContext.DECIMAL128));
  }

  /** What is left of a division to a whole number; it has the sign of the left side. */
  @Nullable Object remainder(@Nullable Object left, @Nullable Object right) {
    if (left instanceof Long one && right instanceof Long other && other != 0) {
      return one % other;
    }
    if (left == null || right == null) {
      return null;
    }
    BigDecimal dividend = operand("%", left);
    BigDecimal divisor = operand("%", right);
    if (divisor.signum() == 0) {
      throw divisionByZero(right);
    }
    // Aligned by hand: BigDecimal's own remainder rounds its way to the quotient, ten times slower.
    int scale = Math.max(dividend.scale(), divisor.scale());
    BigInteger units = dividend.setScale(scale).unscaledValue();
    return checked(new BigDecimal(units.remainder(divisor.setScale(scale).unscaledValue()), scale));
  }

  /** A number to a whole power; a negative one gives a quotient, rounded as such. */
  @Nullable Object power(@Nullable Object base, @Nullable Object exponent) {
    if (base == null || exponent == null) {
      return null;
    }
    BigDecimal number = operand("^", base);
    int times = exponent(operand("^", exponent), exponent);
    requireShort(number, Math.abs(times));
    BigDecimal power = checked(number.pow(Math.abs(times)));
    if (times >= 0) {
      return power;
    }
    if (power.signum() == 0) {
      throw divisionByZero(base);
    }
    return checked(BigDecimal.ONE.divide(power, MathContext.DECIMAL128));
  }

  @Nullable Object negate(@Nullable Object value) {
    if (value instanceof Long whole && whole != Long.MIN_VALUE) {
      return -whole;
    }
    return value == null ? null : operand("-", value).negate();
  }

  /** The number itself: a plus sign changes nothing, but takes numbers only. */
  @Nullable Object plus(@Nullable Object value) {
    return value == null || value instanceof Long ? value : operand("+", value);
  }

  private String joined(String left, String right) {
    if (left.length() + right.length() > textMax) {
      throw new EvaluationFailure("'+' gives a text of more than " + textMax + " characters");
    }
    return left + right;
  }

  private int exponent(BigDecimal exponent, Object given) {
    if (exponent.stripTrailingZeros().scale() > 0) {
      throw new EvaluationFailure("'^' needs a whole number as its exponent", given);
    }
    if (exponent.abs().compareTo(BigDecimal.valueOf(exponentMax)) > 0) {
      throw new EvaluationFailure("'^' takes exponents to " + exponentMax + " only", given);
    }
    return exponent.intValueExact();
  }

  /** Foresees, from below, how long a power is, so that none is computed that is far too long. */
  private void requireShort(BigDecimal base, int times) {
    long bits = base.unscaledValue().abs().bitLength() - 1L;
    if (bits * times * DIGITS_PER_BIT > digitsMax) {
      throw tooLong();
    }
  }

  /** A value that has to be a number, and short enough to compute with. */
  BigDecimal operand(String operator, Object value) {
    if (!(value instanceof Number number)) {
      throw new EvaluationFailure(
          named(operator) + " needs numbers, and has " + Kind.of(value).words(), value);
    }
    return checked(Comparison.decimal(number));
  }

  /** The same number, which is short enough to compute with. */
  BigDecimal checked(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    long beforePoint = (long) number.precision() - number.scale();
    long afterPoint = Math.max(number.scale(), 0);
    if (Math.max(beforePoint, 1) + afterPoint > digitsMax) {
      throw tooLong();
    }
    return number;
  }

  /** An operator in quotes, a function as it is. */
  private static String named(String operator) {
    return operator.length() == 1 ? "'" + operator + "'" : operator;
  }

  private EvaluationFailure tooLong() {
    return new EvaluationFailure("a number has more than " + digitsMax + " digits");
  }

  private static EvaluationFailure divisionByZero(Object divisor) {
    return new EvaluationFailure("division by zero", divisor);
  }
}
