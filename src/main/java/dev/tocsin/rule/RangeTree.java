package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/**
 * The windows of one pair of fields, found by the numbers that an event has there: a search tree by
 * lower bound, in which each node knows the highest upper bound below it (an interval tree: Cormen
 * et al., "Introduction to Algorithms", 14.3), kept balanced as a treap (Seidel and Aragon,
 * "Randomized Search Trees", 1996).
 *
 * <p>Thresholds that are passed, or crossed, lie side by side, and are found in a time that grows
 * with their number and with the logarithm of all others; bands that overlap cost a logarithm each
 * at worst.
 *
 * <p>The tree compares bounds as {@code double}, which keeps the order of all numbers but takes
 * close ones for the same. Only where they are the same, the exact numbers are looked at.
 */
final class RangeTree<R> {
  private final IndexedField<R> lowField;
  private final IndexedField<R> highField;
  private @Nullable Node<R> root;

  RangeTree(IndexedField<R> lowField, IndexedField<R> highField) {
    this.lowField = lowField;
    this.highField = highField;
  }

  boolean isEmpty() {
    return root == null;
  }

  void add(Posting<R> posting, Window window) {
    root = inserted(root, new Node<>(posting, window));
  }

  void remove(Posting<R> posting, Window window) {
    root = removed(root, new Node<>(posting, window));
  }

  /** Offers the match every posting whose window its event is in. */
  void collect(Match<R> match) {
    if (match.value(lowField) instanceof Number low
        && match.value(highField) instanceof Number high) {
      collect(root, low, low.doubleValue(), high, high.doubleValue(), match);
    }
  }

  private static <R> void collect(
      @Nullable Node<R> from, Number low, double lowKey, Number high, double highKey, Match<R> to) {
    Node<R> node = from;
    while (node != null && node.highest >= highKey) {
      collect(node.left, low, lowKey, high, highKey, to);
      if (node.low > lowKey) {
        return;
      }
      if (node.high >= highKey && node.admits(low, lowKey, high, highKey)) {
        to.offer(node.posting);
      }
      node = node.right;
    }
  }

  private static <R> Node<R> inserted(@Nullable Node<R> into, Node<R> added) {
    if (into == null) {
      return added;
    }
    if (added.compareTo(into) < 0) {
      Node<R> left = inserted(into.left, added);
      into.left = left;
      return left.priority > into.priority ? raisedLeft(into, left) : into.measured();
    }
    Node<R> right = inserted(into.right, added);
    into.right = right;
    return right.priority > into.priority ? raisedRight(into, right) : into.measured();
  }

  private static <R> Node<R> raisedLeft(Node<R> above, Node<R> left) {
    above.left = left.right;
    left.right = above.measured();
    return left.measured();
  }

  private static <R> Node<R> raisedRight(Node<R> above, Node<R> right) {
    above.right = right.left;
    right.left = above.measured();
    return right.measured();
  }

  private static <R> @Nullable Node<R> removed(@Nullable Node<R> from, Node<R> wanted) {
    if (from == null) {
      throw new IllegalStateException("not in the tree: " + wanted.posting.window());
    }
    int order = wanted.compareTo(from);
    if (order == 0) {
      return joined(from.left, from.right);
    }
    if (order < 0) {
      from.left = removed(from.left, wanted);
    } else {
      from.right = removed(from.right, wanted);
    }
    return from.measured();
  }

  private static <R> @Nullable Node<R> joined(@Nullable Node<R> left, @Nullable Node<R> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.priority > right.priority) {
      left.right = joined(left.right, right);
      return left.measured();
    }
    right.left = joined(left, right.left);
    return right.measured();
  }

  /** A posting in the tree. */
  private static final class Node<R> implements Comparable<Node<R>> {
    private final Posting<R> posting;
    private final Window window;
    private final double low;
    private final double high;
    private final int priority;
    private double highest;
    private @Nullable Node<R> left;
    private @Nullable Node<R> right;

    Node(Posting<R> posting, Window window) {
      this.posting = posting;
      this.window = window;
      low = window.low() == null ? Double.NEGATIVE_INFINITY : window.low().number().doubleValue();
      high =
          window.high() == null ? Double.POSITIVE_INFINITY : window.high().number().doubleValue();
      priority = mixed(posting.entry().sequence());
      highest = high;
    }

    /**
     * By lower bound; those with the same, such as none, from the highest upper bound down, so that
     * here too the ones to be found lie side by side.
     */
    @Override
    public int compareTo(Node<R> other) {
      int order = Double.compare(low, other.low);
      if (order == 0) {
        order = Double.compare(other.high, high);
      }
      return order == 0
          ? Long.compare(posting.entry().sequence(), other.posting.entry().sequence())
          : order;
    }

    boolean admits(Number lowValue, double lowKey, Number highValue, double highKey) {
      return (low < lowKey && high > highKey) || window.admits(lowValue, highValue);
    }

    Node<R> measured() {
      highest = Math.max(high, Math.max(highest(left), highest(right)));
      return this;
    }

    private static double highest(@Nullable Node<?> node) {
      return node == null ? Double.NEGATIVE_INFINITY : node.highest;
    }

    /** Chance enough for a treap, and the same in every run: MurmurHash3's last step. */
    private static int mixed(long sequence) {
      long mixed = (sequence ^ (sequence >>> 33)) * 0xFF51_AFD7_ED55_8CCDL;
      mixed = (mixed ^ (mixed >>> 33)) * 0xC4CE_B9FE_1A85_EC53L;
      return (int) (mixed >>> 32);
    }
  }
}
