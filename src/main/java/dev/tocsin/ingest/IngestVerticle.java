package dev.tocsin.ingest;

import dev.tocsin.bus.Bus;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.IngestAnswer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;

/** One instance of ingest, on an event loop: a few microseconds an event, then one future. */
public final class IngestVerticle extends VerticleBase {
  private final Bus bus;
  private final Ingest ingest;
  private final int evaluators;
  private final Duration patience;

  /**
   * An instance of ingest.
   *
   * @param evaluators how many instances of evaluate this node has
   * @param patience how long to wait for their answer; longer than they wait for the store
   */
  public IngestVerticle(Bus bus, Ingest ingest, int evaluators, Duration patience) {
    this.bus = bus;
    this.ingest = ingest;
    this.evaluators = evaluators;
    this.patience = patience;
  }

  @Override
  public Future<?> start() {
    bus.answer(Flow.BODY_RECEIVED, this::receive);
    return Future.succeededFuture();
  }

  private Future<IngestAnswer> receive(BodyReceived received) {
    return switch (ingest.receive(received)) {
      case Ingest.Step.Refuse refuse -> Future.succeededFuture(refuse.answer());
      case Ingest.Step.Submit submit -> submit(submit);
    };
  }

  private Future<IngestAnswer> submit(Ingest.Step.Submit submit) {
    int instance = Flow.instanceOf(submit.events().organization(), evaluators);
    return bus.ask(Flow.EVENTS_ACCEPTED.of(instance), submit.events(), patience)
        .map(settled -> ingest.answer(submit, settled.settlements()))
        .otherwise(failure -> ingest.unavailable("the events could not be stored in time"))
        .onComplete(answered -> ingest.release(submit));
  }
}
