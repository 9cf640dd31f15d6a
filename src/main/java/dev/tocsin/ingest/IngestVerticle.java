package dev.tocsin.ingest;

import dev.tocsin.bus.Bus;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.flow.EventsSettled;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.IngestAnswer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One instance of ingest, on an event loop: a few microseconds an event, then one future. */
public final class IngestVerticle extends VerticleBase {
  private static final String NO_CATALOG = "the event types could not be looked up in time";

  private final Bus bus;
  private final Ingest ingest;
  private final HeldCatalogs catalogs;
  private final int evaluators;
  private final Duration patience;

  /**
   * An instance of ingest.
   *
   * @param evaluators how many instances of evaluate this node has
   * @param patience how long to wait for their answer; longer than they wait for the store
   */
  public IngestVerticle(
      Bus bus, Ingest ingest, HeldCatalogs catalogs, int evaluators, Duration patience) {
    this.bus = bus;
    this.ingest = ingest;
    this.catalogs = catalogs;
    this.evaluators = evaluators;
    this.patience = patience;
  }

  @Override
  public Future<?> start() {
    bus.answer(Flow.BODY_RECEIVED, received -> follow(ingest.receive(received)));
    bus.answer(Flow.STATE_RECEIVED, received -> follow(ingest.receive(received)));
    bus.answer(Flow.EVENTS_PRODUCED, produced -> follow(ingest.receive(produced)));
    return Future.succeededFuture();
  }

  private Future<IngestAnswer> follow(Ingest.Step step) {
    return switch (step) {
      case Ingest.Step.Refuse refuse -> Future.succeededFuture(refuse.answer());
      case Ingest.Step.LookUp lookUp -> lookUp(lookUp);
      case Ingest.Step.Submit submit -> submit(submit);
    };
  }

  private Future<IngestAnswer> lookUp(Ingest.Step.LookUp request) {
    return Future.fromCompletionStage(catalogs.current(request.organization()), context)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .transform(current ->
            current.succeeded()
                ? follow(ingest.resume(request, current.result()))
                : Future.succeededFuture(ingest.unavailable(NO_CATALOG)));
  }

  private Future<IngestAnswer> submit(Ingest.Step.Submit submit) {
    int instance = Flow.instanceOf(submit.events().organization(), evaluators);
    Future<EventsSettled> settled =
        bus.ask(Flow.EVENTS_ACCEPTED.of(instance), submit.events(), patience);
    Future<IngestAnswer> answer =
        settled
            .map(done -> ingest.answer(submit, done.settlements()))
            .otherwise(failure -> ingest.unavailable("the events could not be stored in time"))
            .onComplete(answered -> ingest.release(submit));
    // After the answer, and apart from it: whatever comes of learning, the events are stored.
    settled.onSuccess(done -> ingest.learn(submit, done.settlements()));
    return answer;
  }
}
