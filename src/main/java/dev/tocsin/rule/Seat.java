package dev.tocsin.rule;

import org.jspecify.annotations.Nullable;

/**
 * A seat among the compiled calculations, which all calculations of the same text share.
 *
 * <p>It is waiting at first, then has a condition, or never will. It may be taken away at any time;
 * calculations notice when they run next.
 */
final class Seat {
  private volatile @Nullable Condition condition;
  private volatile boolean lost;

  /**
   * Whether it was evaluated in this period. Written without care for other threads: what is busy
   * sets it again at once.
   */
  private boolean used;

  /** Whether it was not in the one before; known to the tier alone. */
  private boolean rested;

  /** What runs; null while there is nothing yet, or no longer. */
  @Nullable Condition condition() {
    Condition running = condition;
    if (running != null && !used) {
      used = true;
    }
    return running;
  }

  boolean isWaiting() {
    return condition == null;
  }

  /** Lets it run; the period in which it comes does not count as rest. */
  void compiled(Condition compiled) {
    used = true;
    condition = compiled;
  }

  /** Takes the seat away from whoever has it. */
  void lose() {
    lost = true;
    condition = null;
  }

  /** Whether whoever has it may ask for another. */
  boolean isLost() {
    return lost;
  }

  /** Begins another period. */
  void periodEnds() {
    // In this order: what has a condition was marked before it got it.
    rested = !isWaiting() && !used;
    used = false;
  }

  /** Whether it was not evaluated for a whole period, nor since. */
  boolean isAtRest() {
    return rested && !used;
  }
}
