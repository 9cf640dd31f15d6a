package dev.tocsin.ingest;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the sweep of what was learned again and again, on a virtual-thread context. */
public final class LearnVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(LearnVerticle.class);

  private final LearnSweep sweep;
  private final Duration every;

  /** A verticle for one node. */
  public LearnVerticle(LearnSweep sweep, Duration every) {
    this.sweep = sweep;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    scheduleNext();
    return Future.succeededFuture();
  }

  private void scheduleNext() {
    vertx.setTimer(every.toMillis(), timer -> sweep());
  }

  private void sweep() {
    try {
      sweep.runOnce();
    } catch (RuntimeException e) {
      log.error("learned fields not written, they are learned again in time", e);
    } finally {
      scheduleNext();
    }
  }
}
