package dev.tocsin.stream;

import dev.tocsin.bus.Bus;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Tells the subscriptions of a node that events were stored, and when to look by themselves. */
public final class StreamVerticle extends VerticleBase {
  private final Bus bus;
  private final Streams streams;

  /** A verticle for one node. */
  public StreamVerticle(Bus bus, Streams streams) {
    this.bus = bus;
    this.streams = streams;
  }

  @Override
  public Future<?> start() {
    bus.consume(Flow.EVENTS_STORED, stored -> streams.stored(stored.organizations()));
    vertx.setPeriodic(streams.pollEvery().toMillis(), timer -> streams.poll());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    streams.endAll();
    return Future.succeededFuture();
  }
}
