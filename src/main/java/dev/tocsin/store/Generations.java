package dev.tocsin.store;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;

/**
 * The generations that idempotency keys are partitioned into: seven days each, counted from the
 * epoch.
 *
 * <p>A partitioned table can only enforce a unique key within one partition. So that a key stays
 * unique over its whole window, a commit looks for it in every generation that the window reaches,
 * and around the turn of a generation writes it to both: of two commits that use the same key on
 * both sides of the turn at once, the second then meets the first in a unique index.
 */
final class Generations {
  private static final Duration LENGTH = Duration.ofDays(7);

  /** Longer than any statement may run, so no commit that began before the turn ends after this. */
  private static final Duration OVERLAP = Duration.ofMinutes(10);

  private final Duration window;

  /**
   * Generations for keys that are to be recognised so long.
   *
   * @param window how long a repeated key is recognised, at least
   */
  Generations(Duration window) {
    this.window = window;
  }

  static int at(Instant moment) {
    return (int) Math.floorDiv(moment.getEpochSecond(), LENGTH.toSeconds());
  }

  /** Where a key used within the window may stand. */
  Integer[] searched(Instant now) {
    return range(at(now.minus(window).minus(OVERLAP)), at(now.plus(OVERLAP)));
  }

  /** Where a key used now has to be written. */
  Integer[] written(Instant now) {
    return range(at(now.minus(OVERLAP)), at(now.plus(OVERLAP)));
  }

  private static Integer[] range(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().toArray(Integer[]::new);
  }
}
