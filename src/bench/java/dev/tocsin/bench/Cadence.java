package dev.tocsin.bench;

import io.vertx.core.Vertx;

/**
 * Has things done by the clock, whether or not the last one has come to its end, so that a stall
 * shows.
 */
final class Cadence {
  private final Vertx vertx;
  private final long perSecond;
  private final long total;
  private final Step step;
  private final long begin = System.nanoTime();
  private long done;

  /** What is done. */
  @FunctionalInterface
  interface Step {
    /**
     * Does the next one.
     *
     * @param number from 0
     * @param due when it was due, in steady nanoseconds
     */
    void run(long number, long due);
  }

  private Cadence(Vertx vertx, long perSecond, long total, Step step) {
    this.vertx = vertx;
    this.perSecond = perSecond;
    this.total = total;
    this.step = step;
  }

  /** Begins now; looks once a millisecond what is due. */
  static void begin(Vertx vertx, long perSecond, long total, Step step) {
    Cadence cadence = new Cadence(vertx, perSecond, total, step);
    vertx.setPeriodic(1, cadence::runDue);
  }

  private void runDue(long timer) {
    long due = (System.nanoTime() - begin) * perSecond / 1_000_000_000;
    while (done < Math.min(due, total)) {
      step.run(done, begin + done * 1_000_000_000 / perSecond);
      done++;
    }
    if (done == total) {
      vertx.cancelTimer(timer);
    }
  }
}
