package dev.tocsin.deliver;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a sweep again and again, on a virtual-thread context, once on each node. */
public final class SweepVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(SweepVerticle.class);

  /** One round of a sweep. */
  @FunctionalInterface
  public interface Round {
    /** Does what is due, as much as a round may; whether the next one is to follow at once. */
    boolean run();
  }

  private final String what;
  private final Round round;
  private final Duration every;
  private boolean stopping;

  /**
   * A verticle for one node.
   *
   * @param what is swept, for the log
   * @param every how long to wait for the next round; what becomes due is late by this much at most
   */
  public SweepVerticle(String what, Round round, Duration every) {
    this.what = what;
    this.round = round;
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
        more = round.run();
      }
    } catch (StoreUnavailable e) {
      log.warn("{} sweep interrupted cause=\"{}\"", what, e.getMessage());
    } catch (RuntimeException e) {
      log.error("{} sweep failed, next try in {}", what, every, e);
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
