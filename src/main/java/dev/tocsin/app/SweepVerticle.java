package dev.tocsin.app;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a sweep again and again, on a virtual-thread context, once on each node. */
public final class SweepVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(SweepVerticle.class);

  /** One round of a sweep. */
  @FunctionalInterface
  public interface Round {
    /** Does what is due, as much as a round may; how long the next one may wait, zero for not. */
    Duration run();
  }

  private final String what;
  private final Round round;
  private final Duration every;
  private long timer = -1;
  private boolean woken;
  private boolean stopping;

  /**
   * A verticle for one node.
   *
   * @param what is swept, for the log
   * @param every how long to wait after a round that failed
   */
  public SweepVerticle(String what, Round round, Duration every) {
    this.what = what;
    this.round = round;
    this.every = every;
  }

  /** A verticle whose rounds are as far apart, unless one says that there is more. */
  public static SweepVerticle paced(String what, Duration every, BooleanSupplier more) {
    return new SweepVerticle(what, () -> more.getAsBoolean() ? Duration.ZERO : every, every);
  }

  @Override
  public Future<?> start() {
    context.runOnContext(nothing -> sweep());
    return Future.succeededFuture();
  }

  /** Has the next round wait no longer. May be called from any thread, once this is deployed. */
  public void wake() {
    context.runOnContext(nothing -> {
      woken = true;
      if (timer >= 0 && vertx.cancelTimer(timer)) {
        sweep();
      }
    });
  }

  private void sweep() {
    timer = -1;
    Duration pause = Duration.ZERO;
    try {
      while ((pause.isZero() || woken) && !stopping) {
        woken = false;
        pause = round.run();
      }
    } catch (StoreUnavailable e) {
      pause = every;
      if (!stopping) {
        log.warn("{} sweep interrupted cause=\"{}\"", what, e.getMessage());
      }
    } catch (RuntimeException e) {
      log.error("{} sweep failed, next try in {}", what, every, e);
      pause = every;
    }
    if (!stopping) {
      timer = vertx.setTimer(Math.max(1, pause.toMillis()), fired -> sweep());
    }
  }

  @Override
  public Future<?> stop() {
    stopping = true;
    return Future.succeededFuture();
  }
}
