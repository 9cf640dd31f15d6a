package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/** One place where a rule is to be found. */
final class Posting<R> {
  private final Entry<R> entry;
  private final Bucket<R> bucket;
  private final @Nullable Window window;
  private final boolean decided;
  private int position;

  /**
   * A posting that is not in its bucket yet.
   *
   * @param window the numbers it is for; null for all
   * @param decided whether who finds it here need not evaluate the rule: it fires
   */
  Posting(Entry<R> entry, Bucket<R> bucket, @Nullable Window window, boolean decided) {
    this.entry = entry;
    this.bucket = bucket;
    this.window = window;
    this.decided = decided;
  }

  Entry<R> entry() {
    return entry;
  }

  Bucket<R> bucket() {
    return bucket;
  }

  @Nullable Window window() {
    return window;
  }

  boolean isDecided() {
    return decided;
  }

  /** Where it stands in its bucket's list, if that is where it is. */
  int position() {
    return position;
  }

  void moveTo(int place) {
    position = place;
  }
}
