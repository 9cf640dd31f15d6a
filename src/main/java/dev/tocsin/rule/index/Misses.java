package dev.tocsin.rule.index;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;

/**
 * How often rules were computed for a change and did not fire, since that was last asked. A rule
 * that the index keeps from a change does not count, for nothing is computed; nor does one that
 * fires, since that is told anyway.
 *
 * <p>An event costs no more than a number that grows in each rule that was just computed. Whoever
 * asks pays for those rules alone. A rule that was taken out is still told of.
 *
 * <p>For use by one thread at a time, the one that matches.
 *
 * @param <R> what the caller knows a rule as
 */
public final class Misses<R> {
  private final List<Entry<R>> counted = new ArrayList<>();

  /** Counts one. */
  void add(Entry<R> entry) {
    if (entry.countMiss() == 1) {
      counted.add(entry);
    }
  }

  /** Tells each rule with how often it missed, and begins again from nothing. */
  public void take(ObjIntConsumer<R> each) {
    counted.forEach(entry -> each.accept(entry.rule(), entry.takeMisses()));
    counted.clear();
  }
}
