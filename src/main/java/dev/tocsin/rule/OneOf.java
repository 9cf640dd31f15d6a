package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * That a field has one of some values.
 *
 * @param keys the values, as {@link #key} writes them, and {@link Presence}
 */
public record OneOf(FieldPath field, Set<Object> keys) {
  /** What is asked of a field besides values. */
  public enum Presence {
    /** The field is null, or missing. */
    ABSENT,
    /** It has any value. */
    PRESENT
  }

  /** No number with more digits before its point, or zeros behind it, is a key. */
  private static final long DIGITS_MAX = 100_000;

  public OneOf {
    keys = Set.copyOf(keys);
  }

  /** How few events can be expected to pass; the fewest first. */
  public enum Selectivity {
    CERTAIN_VALUES,
    NULL,
    ANY_VALUE
  }

  /** Which kind of values it asks for. */
  public Selectivity selectivity() {
    if (keys.contains(Presence.PRESENT)) {
      return Selectivity.ANY_VALUE;
    }
    return keys.contains(Presence.ABSENT) ? Selectivity.NULL : Selectivity.CERTAIN_VALUES;
  }

  /**
   * The one key of all values that {@link Comparison#equal} the given one; null when there is none,
   * because it equals no constant or would be too costly to rewrite.
   */
  public static @Nullable Object key(Object value) {
    return switch (value) {
      case Long whole -> whole;
      case String text -> text;
      case Boolean truth -> truth;
      case BigDecimal decimal -> number(decimal);
      default -> null;
    };
  }

  private static @Nullable Object number(BigDecimal decimal) {
    if (decimal.signum() == 0) {
      return 0L;
    }
    long digitsBeforePoint = (long) decimal.precision() - decimal.scale();
    return Math.abs(digitsBeforePoint) > DIGITS_MAX ? null : Comparison.canonical(decimal);
  }
}
