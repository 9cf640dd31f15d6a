package dev.tocsin.deliver;

import dev.tocsin.bus.Bus;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of deliver on a virtual-thread context: runs and answers arrive while outcomes are
 * being written, and the loop runs as long as any wait.
 */
public final class DeliverVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(DeliverVerticle.class);

  private final int instance;
  private final Bus bus;
  private final Courier courier;
  private final Duration pause;
  private final Duration stopWithin;
  private boolean running;

  /**
   * An instance of deliver.
   *
   * @param instance its number, by which senders address it
   * @param pause how long to wait before outcomes are written again when the store cannot be
   *     reached
   * @param stopWithin how long attempts in flight may take when the server stops; what is not
   *     finished by then is attempted again when its lease ends
   */
  public DeliverVerticle(
      int instance, Bus bus, Courier courier, Duration pause, Duration stopWithin) {
    this.instance = instance;
    this.bus = bus;
    this.courier = courier;
    this.pause = pause;
    this.stopWithin = stopWithin;
  }

  @Override
  public Future<?> start() {
    courier.whenOutcomeReady(this::wake);
    bus.consume(Flow.RUNS_LEASED.of(instance), leased -> courier.accept(leased.runs()));
    return Future.succeededFuture();
  }

  private void wake() {
    if (!running) {
      running = true;
      context.runOnContext(nothing -> run());
    }
  }

  private void run() {
    if (courier.writeAll()) {
      running = false;
    } else {
      vertx.setTimer(pause.toMillis(), timer -> run());
    }
  }

  @Override
  public Future<?> stop() {
    Promise<Void> quiet = Promise.promise();
    courier.stop(quiet::tryComplete);
    return quiet
        .future()
        .timeout(stopWithin.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty()
        .onComplete(stopped ->
            log.info("deliver stopped instance={} unfinished={}", instance, courier.unfinished()));
  }
}
