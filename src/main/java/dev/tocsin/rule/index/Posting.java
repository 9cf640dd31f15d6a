package dev.tocsin.rule.index;

/**
 * One place where a rule is to be found.
 *
 * <p>It repeats what a change needs of its entry: with many rules each object that is looked at is
 * one that no cache has.
 */
class Posting<R> {
  private final Entry<R> entry;
  private final Bucket<R> bucket;
  private final R rule;
  private final boolean overlapping;
  private final boolean decided;
  private int position;

  /**
   * A posting that is not in its bucket yet.
   *
   * @param decided whether who finds it here need not evaluate the rule: it fires
   */
  Posting(Entry<R> entry, Bucket<R> bucket, boolean decided) {
    this.entry = entry;
    this.bucket = bucket;
    this.rule = entry.rule();
    this.overlapping = entry.isOverlapping();
    this.decided = decided;
  }

  Entry<R> entry() {
    return entry;
  }

  Bucket<R> bucket() {
    return bucket;
  }

  R rule() {
    return rule;
  }

  /** Whether an event that finds it may find another of the same rule. */
  boolean isOverlapping() {
    return overlapping;
  }

  boolean isDecided() {
    return decided;
  }

  /** Where it stands in a list, if it stands in one. */
  int position() {
    return position;
  }

  void moveTo(int place) {
    position = place;
  }
}
