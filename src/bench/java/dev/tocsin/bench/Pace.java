package dev.tocsin.bench;

import java.time.Duration;

/**
 * How long to measure.
 *
 * @param runs how often each measurement is repeated
 * @param measured how long one takes
 * @param history how many events lists are measured over
 * @param appointments how many there are while some of them fire
 * @param burst how many are due at once
 * @param day how many events expire on one day
 */
record Pace(
    int runs, Duration measured, int history, int appointments, int burst, int day) {
  static final Pace FULL =
      new Pace(5, Duration.ofSeconds(10), 10_000_000, 1_000_000, 100_000, 5_000_000);
  static final Pace QUICK = new Pace(2, Duration.ofSeconds(5), 500_000, 100_000, 20_000, 300_000);
}
