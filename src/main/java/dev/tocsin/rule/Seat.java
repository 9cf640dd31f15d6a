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
   * Whether it was evaluated since {@link #wasUsed} was asked. Written without care for other
   * threads: a mark that gets lost makes a busy calculation look idle once, which costs a
   * compilation.
   */
  private boolean used;

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

  void compiled(Condition compiled) {
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

  /** Whether it was evaluated since this was last asked. */
  boolean wasUsed() {
    boolean was = used;
    used = false;
    return was;
  }
}
