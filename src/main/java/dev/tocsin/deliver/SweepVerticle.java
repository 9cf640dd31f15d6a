package dev.tocsin.deliver;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the delivery sweep again and again, on a virtual-thread context, once on each node. */
public final class SweepVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(SweepVerticle.class);

  private final DeliverySweep sweep;
  private final Duration every;
  private boolean stopping;

  /**
   * A verticle for one node.
   *
   * @param every how long to wait when nothing more is due; a retry is late by this much at most
   */
  public SweepVerticle(DeliverySweep sweep, Duration every) {
    this.sweep = sweep;
    this.every = every;
  }

  @Override
  public Future<?> start() {
    context.runOnContext(nothing -> sweep());
    return Future.succeededFuture();
  }

  private void sweep() {
    try {
      boolean more = true;
      while (more && !stopping) {
        more = sweep.runOnce().more();
      }
    } catch (StoreUnavailable e) {
      log.warn("delivery sweep interrupted cause=\"{}\"", e.getMessage());
    } catch (RuntimeException e) {
      log.error("delivery sweep failed, next try in {}", every, e);
    }
    if (!stopping) {
      vertx.setTimer(every.toMillis(), timer -> sweep());
    }
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    return Future.succeededFuture();
  }
}
