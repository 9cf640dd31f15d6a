package dev.tocsin.app;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When something must be over; all that has to be done by then shares the time that is left. */
final class Deadline {
  private final LongSupplier nanoTime;
  private final long end;

  /**
   * So long from now.
   *
   * @param nanoTime as {@link System#nanoTime} counts
   */
  Deadline(Duration within, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.end = nanoTime.getAsLong() + within.toNanos();
  }

  /** What is left of the time; nothing once it is over. */
  Duration left() {
    return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
  }
}
