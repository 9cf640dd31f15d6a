package dev.tocsin.app;

import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.store.DatabaseClock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/**
 * Sets the node's idea of the database's clock again and again, on a virtual-thread context, and so
 * learns whether the database answers.
 */
final class ClockVerticle extends VerticleBase {
  /** A quartz clock drifts by some microseconds in this time. */
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final DatabaseClock clock;
  private final Readiness readiness;

  ClockVerticle(DatabaseClock clock, Readiness readiness) {
    this.clock = clock;
    this.readiness = readiness;
  }

  @Override
  public Future<?> start() {
    scheduleNext();
    return Future.succeededFuture();
  }

  private void scheduleNext() {
    vertx.setTimer(EVERY.toMillis(), timer -> set());
  }

  private void set() {
    try {
      clock.set();
      readiness.databaseAnswers(true);
    } catch (StoreUnavailable e) {
      readiness.databaseAnswers(false);
    } finally {
      scheduleNext();
    }
  }
}
