package dev.tocsin.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;

/**
 * Tells other nodes what rang here, hears what rang there, and says now and then that it is here.
 */
final class ClusterVerticle extends VerticleBase {
  /** Before the id of the node that listens. */
  private static final String ADDRESS = "tocsin.doorbells.";

  private final ClusterSettings settings;
  private final String node;
  private final Doorbells doorbells;
  private final Ears ears;
  private final Watch watch;
  private Subscription subscription;

  @SuppressWarnings("NullAway.Init") // start comes before everything that uses the subscription
  ClusterVerticle(
      ClusterSettings settings, String node, Doorbells doorbells, Ears ears, Watch watch) {
    this.settings = settings;
    this.node = node;
    this.doorbells = doorbells;
    this.ears = ears;
    this.watch = watch;
  }

  @Override
  public Future<?> start() {
    subscription = new Subscription(this::listen);
    vertx.setPeriodic(0, settings.heartbeatEvery().toMillis(), timer -> greet());
    sendWaiting(); // What rang before there was anybody to wake.
    return subscription.begun();
  }

  private Subscription.Place listen() {
    MessageConsumer<Buffer> consumer =
        vertx.eventBus().consumer(ADDRESS + node, message -> ears.hear(message.body()));
    return Subscription.Place.of(consumer);
  }

  /** Says that it is here; and where others are not heard, subscribes anew, as that may be why. */
  private void greet() {
    send(new Envelope(node, List.of()));
    if (watch.look()) {
      subscription.renew();
    }
  }

  /** Sends what waits, and what comes meanwhile after a pause; may be called on any thread. */
  void wake() {
    Context own = context;
    if (own != null) {
      own.runOnContext(now -> sendWaiting());
    }
  }

  /** The timer first: if sending fails, what comes meanwhile is still sent. */
  private void sendWaiting() {
    List<Envelope> envelopes = doorbells.take();
    if (!envelopes.isEmpty()) {
      vertx.setTimer(Math.max(1, settings.doorbellPause().toMillis()), timer -> sendWaiting());
    }
    envelopes.forEach(this::send);
  }

  /** To each by itself: Vert.x complains of a message to several that cannot be reached. */
  private void send(Envelope envelope) {
    Buffer bytes = envelope.write();
    watch.others().forEach(other -> vertx.eventBus().send(ADDRESS + other, bytes));
  }
}
