package dev.tocsin.rule;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Values as values of another kind. A number may come from a text that spells one as a calculation
 * would, with or without a sign; a text that spells none is an evaluation error.
 */
final class Casts {
  private static final String PLAIN_NEED = "a number, a text, true or false";

  private final Arithmetic arithmetic;
  private final int textMax;

  Casts(CalculationLimits limits, Arithmetic arithmetic) {
    this.arithmetic = arithmetic;
    this.textMax = limits.textMax();
  }

  /** A whole number of 32 bits, decimals cut off; one that does not fit is an error. */
  Object toInt(Object value) {
    return whole("(int)", value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /** A whole number of 64 bits, decimals cut off; one that does not fit is an error. */
  Object toLong(Object value) {
    return whole("(long)", value, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** The number as it is: numbers are exact decimals, and there are no others. */
  Object toDouble(Object value) {
    return number("(double)", value);
  }

  Object toDecimal(Object value) {
    return number("(decimal)", value);
  }

  /** A number in plain digits without zeros at the end; a text as it is. */
  Object toText(Object value) {
    return switch (value) {
      case String text -> text;
      case Boolean truth -> truth.toString();
      case Long whole -> whole.toString();
      case BigDecimal decimal ->
          arithmetic.operand("(string)", decimal).stripTrailingZeros().toPlainString();
      default -> throw unfit("(string)", value);
    };
  }

  /** True for the text true, in small or capital letters, and for any number but 0. */
  Object toBoolean(Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case Long whole -> whole != 0;
      case BigDecimal decimal -> decimal.signum() != 0;
      case String text when text.equalsIgnoreCase("true") -> true;
      case String text when text.equalsIgnoreCase("false") -> false;
      case String _ -> throw new EvaluationFailure("(boolean) needs the text true or false", value);
      default -> throw unfit("(boolean)", value);
    };
  }

  /** Whether a number is whole, however it is written. */
  static boolean isWhole(BigDecimal number) {
    return number.signum() == 0 || number.scale() <= 0 || number.stripTrailingZeros().scale() <= 0;
  }

  private Object whole(String cast, Object value, long least, long most) {
    BigDecimal cut = Comparison.decimal(number(cast, value)).setScale(0, RoundingMode.DOWN);
    if (cut.compareTo(BigDecimal.valueOf(least)) < 0
        || cut.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new EvaluationFailure(
          "%s gives numbers from %d to %d only".formatted(cast, least, most), value);
    }
    return cut.longValue();
  }

  private Number number(String cast, Object value) {
    return switch (value) {
      case Long whole -> whole;
      case BigDecimal decimal -> arithmetic.operand(cast, decimal);
      case Boolean truth -> truth ? 1L : 0L;
      case String text -> spelled(cast, text);
      default -> throw unfit(cast, value);
    };
  }

  private Number spelled(String cast, String text) {
    if (text.length() > textMax || !isNumber(text)) {
      throw new EvaluationFailure(cast + " needs a text that is a number", text);
    }
    return arithmetic.operand(cast, new BigDecimal(text));
  }

  /** A sign, digits, and perhaps a point and more digits. */
  private static boolean isNumber(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int point = digitsEnd(text, start);
    if (point == start || point == text.length()) {
      return point > start;
    }
    int end = digitsEnd(text, point + 1);
    return text.charAt(point) == '.' && end > point + 1 && end == text.length();
  }

  private static int digitsEnd(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    return end;
  }

  private static EvaluationFailure unfit(String cast, Object value) {
    return new EvaluationFailure(
        "%s needs %s, and has %s".formatted(cast, PLAIN_NEED, Kind.of(value).words()), value);
  }
}
