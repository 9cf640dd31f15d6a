package dev.tocsin.stream;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When to look again after events that are there and may not be passed yet: soon at first, since
 * most commits are short, and then less and less often. However often that is asked for, one look
 * is to come.
 *
 * <p>Thread-safe.
 */
final class HeldLooks {
  /** About as long as a commit. */
  private static final Duration PAUSE_MIN = Duration.ofMillis(10);

  private final Timers timers;
  private final Duration pauseMax;
  private final Runnable look;
  private Duration pause = PAUSE_MIN;

  /** The pause after which the next look comes; null when none is to come. */
  private @Nullable Duration pending;

  /** How many were asked for, so that one that was overtaken by a sooner one is known. */
  private long asked;

  HeldLooks(Timers timers, Duration pauseMax, Runnable look) {
    this.timers = timers;
    this.pauseMax = pauseMax;
    this.look = look;
  }

  /** Something is held: looks again after a while, unless that is about to happen anyway. */
  synchronized void again() {
    if (pending != null && pending.compareTo(pause) <= 0) {
      return;
    }
    pending = pause;
    long number = ++asked;
    timers.after(pause, () -> due(number));
    Duration twice = pause.multipliedBy(2);
    pause = twice.compareTo(pauseMax) < 0 ? twice : pauseMax;
  }

  /** Something came, or nothing is held any more: the next time it is soon again. */
  synchronized void soon() {
    pause = PAUSE_MIN;
  }

  private void due(long number) {
    synchronized (this) {
      if (number != asked) {
        return;
      }
      pending = null;
    }
    look.run();
  }
}
