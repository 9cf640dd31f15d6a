package dev.tocsin.bridge;

import dev.tocsin.cluster.Subscription;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of what answers applications on the event bus; instances take turns. */
public final class MemberVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(MemberVerticle.class);

  private final Bridges bridges;
  private final Presence presence;
  private Members members;
  private Map<String, Subscription> subscriptions;
  private Future<?> looking = Future.succeededFuture();

  /**
   * An instance.
   *
   * @param bridges shared by all instances
   * @param presence by which it notices that it is not found any more
   */
  @SuppressWarnings("NullAway.Init") // start comes before everything that uses the members
  public MemberVerticle(Bridges bridges, Presence presence) {
    this.bridges = bridges;
    this.presence = presence;
  }

  @Override
  public Future<?> start() {
    members = new Members(bridges, vertx, vertx.getOrCreateContext());
    subscriptions =
        Map.of(
            Protocol.INGEST, listen(Protocol.INGEST, members::ingest),
            Protocol.EVENTS, listen(Protocol.EVENTS, message -> members.subscribe(message, false)),
            Protocol.NOTIFICATIONS,
                listen(Protocol.NOTIFICATIONS, message -> members.subscribe(message, true)));
    vertx.setPeriodic(presence.lookEvery().toMillis(), timer -> look());
    return Future.all(subscriptions.values().stream().map(Subscription::begun).toList());
  }

  private Subscription listen(String address, Handler<Message<Object>> handler) {
    return new Subscription(
        () -> Subscription.Place.of(vertx.eventBus().consumer(address, handler)));
  }

  /** Subscribes again where others do not find this node; what fails is looked at again. */
  private void look() {
    if (looking.isComplete()) {
      looking =
          vertx
              .executeBlocking(() -> presence.lost().apply(subscriptions.keySet()))
              .onSuccess(this::renew);
    }
  }

  private void renew(Set<String> lost) {
    subscriptions.forEach((address, subscription) -> {
      if (lost.contains(address)) {
        log.warn("others do not find this node any more, it subscribes anew address={}", address);
        subscription.renew();
      }
    });
  }

  /** Takes nothing new, and answers what it has. */
  @Override
  public Future<?> stop() {
    members.stop();
    return Future.join(subscriptions.values().stream().map(Subscription::leave).toList())
        .otherwiseEmpty()
        .compose(left -> members.drained());
  }
}
