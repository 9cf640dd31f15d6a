package dev.tocsin.deliver;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the failure sweep again and again, on a virtual-thread context, once on each node. */
public final class FailureVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(FailureVerticle.class);

  private final FailureSweep sweep;
  private final Duration every;
  private boolean stopping;

  /**
   * A verticle for one node.
   *
   * @param every how long to wait between rounds, however much there is: that is what bounds a
   *     storm
   */
  public FailureVerticle(FailureSweep sweep, Duration every) {
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
      sweep.runOnce();
    } catch (StoreUnavailable e) {
      log.warn("failure sweep interrupted cause=\"{}\"", e.getMessage());
    } catch (RuntimeException e) {
      log.error("failure sweep failed, next try in {}", every, e);
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
