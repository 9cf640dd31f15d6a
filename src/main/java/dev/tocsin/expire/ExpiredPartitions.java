package dev.tocsin.expire;

/** Partitions of which nothing is there any more for anybody. */
@FunctionalInterface
public interface ExpiredPartitions {
  /**
   * Drops some of them, without keeping any reader or writer waiting. One that is still in use, or
   * whose dropping was interrupted, is dropped another time.
   *
   * @param keep called before each, which may take seconds
   */
  Dropped dropSome(int max, Runnable keep);

  /**
   * What was done.
   *
   * @param kept how many could not be dropped now
   */
  record Dropped(int dropped, int kept) {}
}
