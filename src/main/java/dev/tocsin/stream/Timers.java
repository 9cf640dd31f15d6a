package dev.tocsin.stream;

import java.time.Duration;

/** Runs things later. */
@FunctionalInterface
public interface Timers {
  /** Runs something once, after a while, on any thread; it does not wait. */
  void after(Duration delay, Runnable work);
}
