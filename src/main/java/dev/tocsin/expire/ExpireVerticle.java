package dev.tocsin.expire;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the partition sweep now and then, on a virtual-thread context. */
public final class ExpireVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ExpireVerticle.class);

  private final PartitionSweep sweep;
  private final Duration every;

  /**
   * A verticle for one node.
   *
   * @param every how often to look; days lie ahead, so hours are often enough
   */
  public ExpireVerticle(PartitionSweep sweep, Duration every) {
    this.sweep = sweep;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(every.toMillis(), timer -> sweep());
    return Future.succeededFuture();
  }

  private void sweep() {
    try {
      sweep.runOnce();
    } catch (RuntimeException e) {
      log.error("partition sweep failed, next try in {}", every, e);
    }
  }
}
