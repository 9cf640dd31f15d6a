package dev.tocsin.rule.index;

import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A rule in an index, and everywhere it is to be found there. */
final class Entry<R> {
  private final long sequence;
  private final R rule;
  private final @Nullable Calculation calculation;
  private final boolean overlapping;
  private List<Posting<R>> postings = List.of();
  private int misses;

  /**
   * An entry that is nowhere yet.
   *
   * @param sequence tells it from every other one there has been
   * @param calculation null for a rule that always fires
   * @param overlapping whether one event may find it in two places
   */
  Entry(long sequence, R rule, @Nullable Calculation calculation, boolean overlapping) {
    this.sequence = sequence;
    this.rule = rule;
    this.calculation = calculation;
    this.overlapping = overlapping;
  }

  long sequence() {
    return sequence;
  }

  R rule() {
    return rule;
  }

  Outcome evaluate(Change change) {
    return calculation == null ? Outcome.of(true) : calculation.evaluate(change);
  }

  /** Counts that it was computed and did not fire; how often, since that was last taken. */
  int countMiss() {
    return ++misses;
  }

  int takeMisses() {
    int taken = misses;
    misses = 0;
    return taken;
  }

  boolean isOverlapping() {
    return overlapping;
  }

  List<Posting<R>> postings() {
    return postings;
  }

  void posted(List<Posting<R>> everywhere) {
    postings = List.copyOf(everywhere);
  }
}
