package dev.tocsin.rule.index;

import dev.tocsin.rule.Bound;
import dev.tocsin.rule.FieldPath;
import dev.tocsin.rule.Within;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A lower bound of one number and an upper bound of another, which mostly is the same one.
 *
 * <p>A threshold is a window with one bound, a band one with two. That a value crosses a threshold,
 * {@code old.spent < 100 AND new.spent >= 100}, is a window too: of two fields, and so narrow that
 * few changes hit it, where each half alone lets half of them through.
 *
 * @param lowField what {@code low} is a bound of
 * @param highField what {@code high} is a bound of
 */
record Window(FieldPath lowField, @Nullable Bound low, FieldPath highField, @Nullable Bound high) {
  /** Each is compared with each. */
  private static final int CONSIDERED_MAX = 16;

  Window {
    Objects.requireNonNull(lowField);
    Objects.requireNonNull(highField);
  }

  /**
   * The narrowest window among tests that have to be passed together: a band, else a crossing, else
   * the first threshold; null if there are none. Of very many tests only some are looked at.
   */
  static @Nullable Window narrowest(List<Within> all) {
    List<Within> ranges = all.subList(0, Math.min(all.size(), CONSIDERED_MAX));
    for (Within range : ranges) {
      if (range.isBounded()) {
        return of(range);
      }
    }
    for (Within low : ranges) {
      for (Within high : ranges) {
        if (low.low() != null && high.high() != null && isSameOfBothSides(low, high)) {
          return new Window(low.field(), low.low(), high.field(), high.high());
        }
      }
    }
    return ranges.isEmpty() ? null : of(ranges.getFirst());
  }

  private static Window of(Within range) {
    return new Window(range.field(), range.low(), range.field(), range.high());
  }

  private static boolean isSameOfBothSides(Within one, Within other) {
    return one.field().steps().equals(other.field().steps())
        && one.field().side() != other.field().side();
  }

  /** Whether passing it is passing all of these tests, of which it is the narrowest. */
  boolean coversAll(List<Within> ranges) {
    return ranges.size() == (lowField.equals(highField) ? 1 : 2);
  }

  /** Whether two numbers are inside. */
  boolean admits(Number lowValue, Number highValue) {
    return (low == null || low.admitsFromBelow(lowValue))
        && (high == null || high.admitsFromAbove(highValue));
  }
}
