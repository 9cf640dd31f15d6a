package dev.tocsin.rule;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the functions mean, as closures over their arguments' closures. */
final class Functions {
  private final Rounding rounding;
  private final Casts casts;
  private final Texts texts;
  private final Items items;

  Functions(CalculationLimits limits, Arithmetic arithmetic) {
    this.rounding = new Rounding(arithmetic);
    this.casts = new Casts(limits, arithmetic);
    this.texts = new Texts(limits);
    this.items = new Items(limits);
  }

  /** A function of one value that is not null. */
  @FunctionalInterface
  private interface Unary {
    Object of(Object value);
  }

  /** A function of two values that are not null. */
  @FunctionalInterface
  private interface Binary {
    Object of(Object first, Object second);
  }

  /** The closure of a call, whose arguments are as many as the function takes. */
  Term call(Function function, List<Term> arguments) {
    return switch (function) {
      case MAX -> folded(rounding::max, arguments);
      case MIN -> folded(rounding::min, arguments);
      case FLOOR -> scaled(rounding::floor, arguments);
      case CEIL -> scaled(rounding::ceil, arguments);
      case ROUND -> scaled(rounding::round, arguments);
      case ABS -> unary(rounding::abs, arguments);
      case TO_INT -> unary(casts::toInt, arguments);
      case TO_LONG -> unary(casts::toLong, arguments);
      case TO_DOUBLE -> unary(casts::toDouble, arguments);
      case TO_DECIMAL -> unary(casts::toDecimal, arguments);
      case TO_TEXT -> unary(casts::toText, arguments);
      case TO_BOOLEAN -> unary(casts::toBoolean, arguments);
      case LOWER -> unary(texts::lower, arguments);
      case UPPER -> unary(texts::upper, arguments);
      case TRIM -> unary(texts::trim, arguments);
      case LENGTH -> unary(texts::length, arguments);
      case CONTAINS -> binary(texts::contains, arguments);
      case STARTS_WITH -> binary(texts::startsWith, arguments);
      case ENDS_WITH -> binary(texts::endsWith, arguments);
      case SIZE -> unary(items::size, arguments);
      case INCLUDES -> binary(items::includes, arguments);
      case DATE -> unary(Dates::date, arguments);
      case DAYS_BETWEEN -> binary(Dates::daysBetween, arguments);
      case PLUS_DAYS -> binary(Dates::plusDays, arguments);
      case DAY_OF_WEEK -> unary(Dates::dayOfWeek, arguments);
      case YEAR -> unary(Dates::year, arguments);
      case MONTH -> unary(Dates::month, arguments);
      case DAY -> unary(Dates::day, arguments);
      case NOW -> change -> Dates.text(change.time());
    };
  }

  /** Whether a field is another before and after the change. */
  Condition changed(List<String> steps) {
    FieldPath after = new FieldPath(FieldPath.Side.NEW, steps);
    FieldPath before = new FieldPath(FieldPath.Side.OLD, steps);
    return change -> items.differ(before.value(change), after.value(change));
  }

  /** Whether a text fits a pattern; null fits none. */
  Condition matching(Term value, TextPattern pattern) {
    return change -> {
      Object text = value.value(change);
      return text != null && texts.matches(text, pattern);
    };
  }

  private static Term unary(Unary function, List<Term> arguments) {
    Term argument = arguments.getFirst();
    return change -> {
      Object value = argument.value(change);
      return value == null ? null : function.of(value);
    };
  }

  private static Term binary(Binary function, List<Term> arguments) {
    Term first = arguments.getFirst();
    Term second = arguments.getLast();
    return change -> applied(function, first.value(change), second.value(change));
  }

  private static @Nullable Object applied(
      Binary function, @Nullable Object first, @Nullable Object second) {
    return first == null || second == null ? null : function.of(first, second);
  }

  /** A function whose second argument, a number of places, may be left out. */
  private static Term scaled(Binary function, List<Term> arguments) {
    return arguments.size() == 2
        ? binary(function, arguments)
        : unary(value -> function.of(value, 0L), arguments);
  }

  /** From the left; in a loop, for there may be hundreds. */
  private static Term folded(Binary function, List<Term> arguments) {
    Term[] terms = arguments.toArray(Term[]::new);
    return change -> {
      Object folded = terms[0].value(change);
      for (int i = 1; i < terms.length; i++) {
        folded = applied(function, folded, terms[i].value(change));
      }
      return folded;
    };
  }
}
