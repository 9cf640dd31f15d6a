package dev.tocsin.rule.index;

/**
 * Windows, found by the numbers that are to be inside: a B-tree by lower bound, of which each page
 * knows for every page below it the lowest lower and the highest upper bound there.
 *
 * <p>Thresholds that are passed, or crossed, lie side by side, and are found in a time that grows
 * with their number and with the logarithm of all others; bands that overlap cost a logarithm each
 * at worst. A window that a number only just misses is not looked at, unless the number is no
 * double. A page's bounds are one array: of a hundred thousand windows an event looks at four
 * pages, where the nodes of a binary tree would be two dozen looks into memory that no cache holds.
 * Up to a page full of windows, as most values of most fields have, are one look.
 */
final class WindowTree<R> {
  private WindowPage<R, ?> root = new WindowLeaf<>();

  boolean isEmpty() {
    return root.size() == 0;
  }

  void add(WindowPosting<R> posting) {
    root.add(posting);
    if (root.isFull()) {
      root = new WindowBranch<>(root, root.split());
    }
  }

  /**
   * Removes a posting. Of two with the same rule and window either may go: a rule takes all of its
   * postings with it.
   */
  void remove(WindowPosting<R> posting) {
    root.remove(posting);
    root = root.unwrapped();
  }

  /** Offers every posting in whose window two numbers are. */
  void collect(Spot spot, Hits<R> hits) {
    root.collect(spot, hits);
  }
}
