package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/**
 * A place where a rule is to be found by a window of numbers; a node of a {@link WindowTree}, if
 * that is where it is.
 *
 * <p>The bounds are kept as {@code double} too, which keeps the order of all numbers but takes
 * close ones for the same. Only where they are the same, the exact numbers are looked at.
 */
final class WindowPosting<R> extends Posting<R> implements Comparable<WindowPosting<R>> {
  private final Window window;
  private final double low;
  private final double high;

  // The rest is the tree's.
  private final int priority;
  private double highest;
  @Nullable WindowPosting<R> left;
  @Nullable WindowPosting<R> right;

  WindowPosting(Entry<R> entry, Bucket<R> bucket, boolean decided, Window window) {
    super(entry, bucket, decided);
    this.window = window;
    low = window.low() == null ? Double.NEGATIVE_INFINITY : window.low().number().doubleValue();
    high = window.high() == null ? Double.POSITIVE_INFINITY : window.high().number().doubleValue();
    priority = mixed(entry.sequence());
    highest = high;
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

  /** The highest upper bound of it and of all below it in the tree. */
  double highest() {
    return highest;
  }

  /** Whether two numbers, of which the keys are the {@code double}s, are inside. */
  boolean admits(Number lowValue, double lowKey, Number highValue, double highKey) {
    return (low < lowKey && high > highKey) || window.admits(lowValue, highValue);
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
    return order == 0 ? Long.compare(sequence(), other.sequence()) : order;
  }

  /** Whether it has to stand above another one. */
  boolean isAbove(WindowPosting<R> other) {
    return priority > other.priority;
  }

  /** Brings {@link #highest} up to date with what hangs below. */
  WindowPosting<R> measured() {
    highest = Math.max(high, Math.max(highest(left), highest(right)));
    return this;
  }

  private static double highest(@Nullable WindowPosting<?> node) {
    return node == null ? Double.NEGATIVE_INFINITY : node.highest;
  }

  /** Chance enough for a treap, and the same in every run: the last step of MurmurHash3. */
  private static int mixed(long sequence) {
    long mixed = (sequence ^ (sequence >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
    return (int) (mixed >>> 32);
  }
}
