package dev.tocsin.app;

import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.store.DatabaseClock;
import dev.tocsin.store.PgHorizon;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/**
 * Sets the node's idea of the database's clock again and again, on a virtual-thread context, and so
 * learns whether the database answers; and reads how long organizations' events are kept.
 */
final class ClockVerticle extends VerticleBase {
  /** A quartz clock drifts by some microseconds in this time. */
  private static final Duration EVERY = Duration.ofSeconds(2);

  private final DatabaseClock clock;
  private final PgHorizon horizon;
  private final Readiness readiness;

  ClockVerticle(DatabaseClock clock, PgHorizon horizon, Readiness readiness) {
    this.clock = clock;
    this.horizon = horizon;
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
      horizon.refresh();
      readiness.databaseAnswers(true);
    } catch (StoreUnavailable e) {
      readiness.databaseAnswers(false);
    } finally {
      scheduleNext();
    }
  }
}
