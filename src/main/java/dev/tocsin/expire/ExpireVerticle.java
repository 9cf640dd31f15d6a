package dev.tocsin.expire;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the sweeps now and then, on a virtual-thread context. */
public final class ExpireVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(ExpireVerticle.class);

  private final PartitionSweep partitions;
  private final RuleDaySweep ruleDays;
  private final Duration every;

  /**
   * A verticle for one node.
   *
   * @param every how often to look; days lie ahead, so hours are often enough
   */
  public ExpireVerticle(PartitionSweep partitions, RuleDaySweep ruleDays, Duration every) {
    this.partitions = partitions;
    this.ruleDays = ruleDays;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    vertx.setPeriodic(
        every.toMillis(),
        timer -> {
          sweep("partition", partitions::runOnce);
          sweep("rule day", ruleDays::runOnce);
        });
    return Future.succeededFuture();
  }

  private void sweep(String what, Runnable sweep) {
    try {
      sweep.run();
    } catch (RuntimeException e) {
      log.error("{} sweep failed, next try in {}", what, every, e);
    }
  }
}
