package dev.tocsin.bridge;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;

/** One instance of what answers applications on the event bus; instances take turns. */
public final class MemberVerticle extends VerticleBase {
  private final Bridges bridges;
  private Members members;

  /**
   * An instance.
   *
   * @param bridges shared by all instances
   */
  @SuppressWarnings("NullAway.Init") // start comes before everything that uses the members
  public MemberVerticle(Bridges bridges) {
    this.bridges = bridges;
  }

  @Override
  public Future<?> start() {
    members = new Members(bridges, vertx, vertx.getOrCreateContext());
    return Future.all(
        List.of(
                vertx.eventBus().consumer(Protocol.INGEST, members::ingest),
                vertx
                    .eventBus()
                    .<Object>consumer(
                        Protocol.EVENTS, message -> members.subscribe(message, false)),
                vertx
                    .eventBus()
                    .<Object>consumer(
                        Protocol.NOTIFICATIONS, message -> members.subscribe(message, true)))
            .stream()
            .map(MessageConsumer::completion)
            .toList());
  }

  @Override
  public Future<?> stop() {
    members.stop();
    return Future.succeededFuture();
  }
}
