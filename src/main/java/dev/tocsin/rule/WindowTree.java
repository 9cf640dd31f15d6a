package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/**
 * Many windows, found by the numbers that are to be inside: a search tree by lower bound, in which
 * each node knows the highest upper bound below it (an interval tree: Cormen et al., "Introduction
 * to Algorithms", 14.3), kept balanced as a treap (Seidel and Aragon, "Randomized Search Trees",
 * 1996).
 *
 * <p>Thresholds that are passed, or crossed, lie side by side, and are found in a time that grows
 * with their number and with the logarithm of all others; bands that overlap cost a logarithm each
 * at worst.
 */
final class WindowTree<R> {
  private @Nullable WindowPosting<R> root;

  boolean isEmpty() {
    return root == null;
  }

  void add(WindowPosting<R> posting) {
    root = inserted(root, posting);
  }

  /**
   * Removes a posting. Of two with the same rule and window either may go: a rule takes all of its
   * postings with it.
   */
  void remove(WindowPosting<R> posting) {
    root = removed(root, posting);
  }

  /** Offers the match every posting in whose window two numbers are. */
  void collect(Number low, double lowKey, Number high, double highKey, Match<R> match) {
    collect(root, low, lowKey, high, highKey, match);
  }

  private static <R> void collect(
      @Nullable WindowPosting<R> from,
      Number low,
      double lowKey,
      Number high,
      double highKey,
      Match<R> match) {
    WindowPosting<R> node = from;
    while (node != null && node.highest() >= highKey) {
      collect(node.left, low, lowKey, high, highKey, match);
      if (node.low() > lowKey) {
        return;
      }
      if (node.high() >= highKey && node.admits(low, lowKey, high, highKey)) {
        match.offer(node);
      }
      node = node.right;
    }
  }

  private static <R> WindowPosting<R> inserted(
      @Nullable WindowPosting<R> into, WindowPosting<R> added) {
    if (into == null) {
      return added.measured();
    }
    if (added.compareTo(into) < 0) {
      WindowPosting<R> left = inserted(into.left, added);
      into.left = left;
      return left.isAbove(into) ? raisedLeft(into, left) : into.measured();
    }
    WindowPosting<R> right = inserted(into.right, added);
    into.right = right;
    return right.isAbove(into) ? raisedRight(into, right) : into.measured();
  }

  private static <R> WindowPosting<R> raisedLeft(WindowPosting<R> above, WindowPosting<R> left) {
    above.left = left.right;
    left.right = above.measured();
    return left.measured();
  }

  private static <R> WindowPosting<R> raisedRight(WindowPosting<R> above, WindowPosting<R> right) {
    above.right = right.left;
    right.left = above.measured();
    return right.measured();
  }

  private static <R> @Nullable WindowPosting<R> removed(
      @Nullable WindowPosting<R> from, WindowPosting<R> wanted) {
    if (from == null) {
      throw new IllegalStateException("not in the tree: " + wanted.window());
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

  private static <R> @Nullable WindowPosting<R> joined(
      @Nullable WindowPosting<R> left, @Nullable WindowPosting<R> right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.isAbove(right)) {
      left.right = joined(left.right, right);
      return left.measured();
    }
    right.left = joined(left, right.left);
    return right.measured();
  }
}
