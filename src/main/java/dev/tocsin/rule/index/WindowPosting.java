package dev.tocsin.rule.index;

import dev.tocsin.rule.Bound;

/**
 * A place where a rule is to be found by a window of numbers.
 *
 * <p>The bounds are kept as {@code double} too: {@code low} is the lowest double that the lower
 * bound admits, {@code high} the highest that the upper one does.
 */
final class WindowPosting<R> extends Posting<R> implements Comparable<WindowPosting<R>> {
  private final Window window;
  private final double low;
  private final double high;

  WindowPosting(Entry<R> entry, Bucket<R> bucket, boolean decided, Window window) {
    super(entry, bucket, decided);
    this.window = window;
    low = window.low() == null ? Double.NEGATIVE_INFINITY : lowest(window.low());
    high = window.high() == null ? Double.POSITIVE_INFINITY : highest(window.high());
  }

  private static double lowest(Bound bound) {
    Approximation around = Approximation.closest(bound.number());
    return bound.open() && around.isExact() ? Math.nextUp(around.ceiling()) : around.ceiling();
  }

  private static double highest(Bound bound) {
    Approximation around = Approximation.closest(bound.number());
    return bound.open() && around.isExact() ? Math.nextDown(around.floor()) : around.floor();
  }

  Window window() {
    return window;
  }

  double low() {
    return low;
  }

  double high() {
    return high;
  }

  /**
   * By lower bound; those with the same, such as none, from the highest upper bound down, so that
   * here too the ones to be found lie side by side.
   */
  @Override
  public int compareTo(WindowPosting<R> other) {
    int order = Double.compare(low, other.low);
    if (order == 0) {
      order = Double.compare(other.high, high);
    }
    return order == 0 ? Long.compare(entry().sequence(), other.entry().sequence()) : order;
  }
}
