package dev.tocsin.rule;

import dev.tocsin.event.Change;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the functions mean, as closures over their arguments' closures. */
final class Functions {
  /** How many decimal places are left when a call that rounds does not say. */
  static final Object NO_PLACES = 0L;

  private final Rounding rounding;
  private final Casts casts;
  private final Texts texts;
  private final Items items;

  Functions(CalculationLimits limits, Arithmetic arithmetic, Comparison comparison) {
    this.rounding = new Rounding(arithmetic);
    this.casts = new Casts(limits, arithmetic);
    this.texts = new Texts(limits);
    this.items = new Items(limits, comparison);
  }

  /** What a function computes, once its arguments' values are known. */
  sealed interface Meaning {}

  /** Of one value that is not null. */
  @FunctionalInterface
  non-sealed interface Unary extends Meaning {
    Object of(Object value);
  }

  /**
   * Of two values that are not null. Called with more arguments it goes on from the left, with what
   * it gave as its first; called with one, the second is {@link #NO_PLACES}.
   */
  @FunctionalInterface
  non-sealed interface Binary extends Meaning {
    Object of(Object first, Object second);
  }

  /** Of the change itself. */
  @FunctionalInterface
  non-sealed interface OfChange extends Meaning {
    Object of(Change change);
  }

  Meaning meaning(Function function) {
    return switch (function) {
      case MAX -> binary(rounding::max);
      case MIN -> binary(rounding::min);
      case FLOOR -> binary(rounding::floor);
      case CEIL -> binary(rounding::ceil);
      case ROUND -> binary(rounding::round);
      case ABS -> unary(rounding::abs);
      case TO_INT -> unary(casts::toInt);
      case TO_LONG -> unary(casts::toLong);
      case TO_DOUBLE -> unary(casts::toDouble);
      case TO_DECIMAL -> unary(casts::toDecimal);
      case TO_TEXT -> unary(casts::toText);
      case TO_BOOLEAN -> unary(casts::toBoolean);
      case LOWER -> unary(texts::lower);
      case UPPER -> unary(texts::upper);
      case TRIM -> unary(texts::trim);
      case LENGTH -> unary(texts::length);
      case CONTAINS -> binary(texts::contains);
      case STARTS_WITH -> binary(texts::startsWith);
      case ENDS_WITH -> binary(texts::endsWith);
      case SIZE -> unary(items::size);
      case INCLUDES -> binary(items::includes);
      case DATE -> unary(Dates::date);
      case DAYS_BETWEEN -> binary(Dates::daysBetween);
      case PLUS_DAYS -> binary(Dates::plusDays);
      case DAY_OF_WEEK -> unary(Dates::dayOfWeek);
      case YEAR -> unary(Dates::year);
      case MONTH -> unary(Dates::month);
      case DAY -> unary(Dates::day);
      case NOW -> (OfChange) change -> Dates.text(change.time());
    };
  }

  /** The closure of a call, whose arguments are as many as the function takes. */
  Term call(Function function, List<Term> arguments) {
    return switch (meaning(function)) {
      case Unary unary -> {
        Term argument = arguments.getFirst();
        yield change -> applied(unary, argument.value(change));
      }
      case Binary binary -> called(binary, arguments);
      case OfChange time -> time::of;
    };
  }

  /** Whether a field is another before and after the change. */
  Condition changed(List<String> steps) {
    FieldPath after = new FieldPath(FieldPath.Side.NEW, steps);
    FieldPath before = new FieldPath(FieldPath.Side.OLD, steps);
    return change -> items.differ(before.value(change), after.value(change));
  }

  /** Whether two values are not the same, as {@code changed} compares them. */
  boolean differ(@Nullable Object one, @Nullable Object other) {
    return items.differ(one, other);
  }

  /** Whether a text fits a pattern; null fits none. */
  Condition matching(Term value, TextPattern pattern) {
    return change -> fits(value.value(change), pattern);
  }

  boolean fits(@Nullable Object text, TextPattern pattern) {
    return text != null && texts.matches(text, pattern);
  }

  /** What a function gives, with null for null. */
  static @Nullable Object applied(Unary function, @Nullable Object value) {
    return value == null ? null : function.of(value);
  }

  static @Nullable Object applied(
      Binary function, @Nullable Object first, @Nullable Object second) {
    return first == null || second == null ? null : function.of(first, second);
  }

  private static Term called(Binary function, List<Term> arguments) {
    Term first = arguments.getFirst();
    Term second = arguments.size() == 1 ? new Term.Constant(NO_PLACES) : arguments.get(1);
    return arguments.size() <= 2
        ? change -> applied(function, first.value(change), second.value(change))
        : folded(function, arguments);
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

  /** Has the compiler see what a method reference is meant as. */
  private static Unary unary(Unary function) {
    return function;
  }

  private static Binary binary(Binary function) {
    return function;
  }
}
