package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EntityChanges;
import dev.tocsin.catalog.HeldCatalogs;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.BodyForm;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.EventsProduced;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.IngestAnswer.Accepted;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import dev.tocsin.flow.IngestAnswer.Rejected;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.StateReceived;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What ingest does with a request, but for waiting: read it, check it, admit it, answer it. */
public final class Ingest {
  private static final String NO_EVENT = "an event that says what happened was taken for a state";

  private final IngestSettings settings;
  private final BatchReader reader;
  private final CloudEventReader cloudEvents;
  private final StateReader states;
  private final HeldCatalogs catalogs;
  private final Admission admission;
  private final InstantSource clock;
  private final FieldLearner learner;
  private final Counter rejectedItems;
  private final Counter malformed;

  /**
   * Ingest with its bounds.
   *
   * @param catalogs shared by every instance on this node, as are the admission and the learner
   */
  public Ingest(
      IngestSettings settings,
      HeldCatalogs catalogs,
      Admission admission,
      FieldLearner learner,
      InstantSource clock,
      MeterRegistry meters) {
    this.settings = settings;
    this.reader = new BatchReader(settings.batchEventsMax(), settings.eventBytesMax());
    this.cloudEvents = new CloudEventReader(settings.batchEventsMax(), settings.eventBytesMax());
    this.states = new StateReader(settings.eventBytesMax());
    this.catalogs = catalogs;
    this.admission = admission;
    this.learner = learner;
    this.clock = clock;
    this.rejectedItems = meters.counter("tocsin.ingest.rejected");
    this.malformed = meters.counter("tocsin.ingest.malformed");
  }

  /** What to do with a request. */
  sealed interface Step {
    /** Answer it; there is nothing of it to store. */
    record Refuse(IngestAnswer answer) implements Step {}

    /**
     * Ask for the organization's current catalog, and {@linkplain Ingest#resume go on} with it: the
     * one that is held lacks an event type.
     */
    record LookUp(OrganizationId organization, Function<Catalog, Step> next) implements Step {}

    /**
     * Have its events judged and stored, then answer it with {@link Ingest#answer}.
     *
     * @param catalog the version of the catalog they were checked by
     * @param isState whether it is the state of an entity, and is answered as that
     */
    record Submit(
        EventsAccepted events, List<Checked> checked, int bytes, long catalog, boolean isState)
        implements Step {}
  }

  /** Reads and checks a request, and admits it if there is room. */
  Step receive(BodyReceived received) {
    return switch (read(received)) {
      case BatchReading.Malformed bad -> malformed(bad);
      case BatchReading.TooLarge large -> tooLarge(large);
      case BatchReading.Items read -> begin(received, read.items());
    };
  }

  private Step malformed(BatchReading.Malformed bad) {
    malformed.increment();
    return new Step.Refuse(new IngestAnswer.Malformed(bad.message(), bad.pointer()));
  }

  private Step tooLarge(BatchReading.TooLarge large) {
    malformed.increment();
    return new Step.Refuse(new IngestAnswer.TooLarge(large.message()));
  }

  private BatchReading read(BodyReceived received) {
    byte[] body = received.body();
    return switch (received.form()) {
      case BodyForm.Events events -> reader.read(body);
      case BodyForm.CloudEvent event -> cloudEvents.event(body);
      case BodyForm.CloudEventBatch batch -> cloudEvents.batch(body);
      case BodyForm.CloudEventData(Map<String, String> attributes, @Nullable String contentType) ->
          cloudEvents.data(attributes, contentType, body);
    };
  }

  /** A name that is held is good; one that is not may just not be held yet. */
  private Step begin(BodyReceived received, List<RawItem> items) {
    if (items.isEmpty()) {
      return new Step.Refuse(new IngestAnswer.Processed(List.of(), List.of()));
    }
    OrganizationId organization = received.organization();
    Catalog held = catalogs.held(organization);
    EventCheck check = new EventCheck(held, settings.aheadMax());
    int bytes = received.body().length;
    return items.stream().allMatch(check::knows)
        ? admit(submission(organization, items, bytes, held))
        : new Step.LookUp(
            organization, catalog -> admit(submission(organization, items, bytes, catalog)));
  }

  /** Goes on by the catalog that was asked for. */
  Step resume(Step.LookUp request, Catalog catalog) {
    return request.next().apply(catalog);
  }

  /** Reads and checks the state of an entity, and admits it if there is room. */
  Step receive(StateReceived received) {
    byte[] body = received.body();
    if (body == null) {
      return begin(received, null, 0);
    }
    return switch (states.read(body, received.id())) {
      case BatchReading.Malformed bad -> malformed(bad);
      case BatchReading.TooLarge large -> tooLarge(large);
      case BatchReading.Items read -> {
        RawItem item = read.items().getFirst();
        Checked.Bad other = item.fault();
        yield other == null
            ? begin(received, ((RawItem.State.Present) item.after()).payload(), body.length)
            : new Step.Refuse(new IngestAnswer.BadState(other.pointer(), other.message(), null));
      }
    };
  }

  private Step begin(StateReceived received, @Nullable Payload after, int bytes) {
    Catalog held = catalogs.held(received.organization());
    return held.changesOf(received.entity()) == null
        ? new Step.LookUp(
            received.organization(), catalog -> submission(received, after, bytes, catalog))
        : submission(received, after, bytes, held);
  }

  private Step submission(
      StateReceived received, @Nullable Payload after, int bytes, Catalog catalog) {
    EntityChanges changes = catalog.changesOf(received.entity());
    if (changes == null) {
      return new Step.Refuse(States.unknown(received, catalog));
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    RawItem item = States.item(received, changes, after);
    Checked checked =
        new EventCheck(catalog, settings.aheadMax()).check(changes, received.id(), item, now);
    IncomingEvent event;
    switch (checked) {
      case Checked.Good good -> event = good.event();
      case Checked.Bad bad -> {
        IngestAnswer answer = States.badParameter(bad);
        if (answer != null) {
          return new Step.Refuse(answer);
        }
        event = Rejections.failure(States.written(item), bad, now);
      }
    }
    EventsAccepted accepted =
        new EventsAccepted(
            received.organization(), List.of(event), now.plus(settings.answerWithin()));
    return admit(new Step.Submit(accepted, List.of(checked), bytes, catalog.version(), true));
  }

  /** Admits events that a stage of this server makes, if there is room. */
  Step receive(EventsProduced produced) {
    List<Checked> checked = new ArrayList<>(produced.events().size());
    int bytes = 0;
    for (IncomingEvent event : produced.events()) {
      checked.add(new Checked.Good(event));
      bytes += length(event.after()) + length(event.before());
    }
    Instant deadline = clock.instant().plus(settings.answerWithin());
    return admit(
        new Step.Submit(
            new EventsAccepted(produced.organization(), produced.events(), deadline),
            checked,
            bytes,
            catalogs.held(produced.organization()).version(),
            false));
  }

  private static int length(@Nullable Payload payload) {
    return payload == null ? 0 : payload.json().length();
  }

  /** Takes room last: nothing after it can fail, so that no room is ever lost. */
  private Step admit(Step.Submit submit) {
    Scope full =
        admission.enter(submit.events().organization(), submit.checked().size(), submit.bytes());
    return full == null
        ? submit
        : new Step.Refuse(new IngestAnswer.Busy(full, settings.retryAfter()));
  }

  private Step.Submit submission(
      OrganizationId organization, List<RawItem> items, int bytes, Catalog catalog) {
    EventCheck check = new EventCheck(catalog, settings.aheadMax());
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    List<Checked> checked = new ArrayList<>(items.size());
    List<IncomingEvent> events = new ArrayList<>(items.size());
    for (RawItem item : items) {
      Checked result = check.check(item, now);
      checked.add(result);
      events.add(
          switch (result) {
            case Checked.Good good -> good.event();
            case Checked.Bad bad -> Rejections.failure(item, bad, now);
          });
    }
    EventsAccepted accepted =
        new EventsAccepted(organization, events, now.plus(settings.answerWithin()));
    return new Step.Submit(accepted, checked, bytes, catalog.version(), false);
  }

  /** Gives back the room that a submitted request took, whatever came of it. */
  void release(Step.Submit submitted) {
    admission.leave(
        submitted.events().organization(), submitted.checked().size(), submitted.bytes());
  }

  /** What the client is told when each event is settled. */
  IngestAnswer answer(Step.Submit submitted, List<Settlement> settlements) {
    return submitted.isState()
        ? stateAnswer(submitted, settlements.getFirst())
        : batchAnswer(submitted, settlements);
  }

  private IngestAnswer stateAnswer(Step.Submit submitted, Settlement settlement) {
    if (settlement instanceof Settlement.Unsettled(String reason)) {
      return unavailable(reason);
    }
    Checked checked = submitted.checked().getFirst();
    rejectedItems.increment(checked instanceof Checked.Bad ? 1 : 0);
    return States.answer(checked, settlement);
  }

  private IngestAnswer batchAnswer(Step.Submit submitted, List<Settlement> settlements) {
    List<Accepted> accepted = new ArrayList<>();
    List<Rejected> rejected = new ArrayList<>();
    for (int index = 0; index < settlements.size(); index++) {
      Accepted stored;
      switch (settlements.get(index)) {
        case Settlement.Stored s -> stored = new Accepted(index, s.id(), false, s.notifications());
        case Settlement.Duplicate d ->
            stored = new Accepted(index, d.id(), true, d.notifications());
        case Settlement.Unsettled u -> {
          return unavailable(u.reason());
        }
        case Settlement.Unchanged u -> throw new IllegalStateException(NO_EVENT);
        case Settlement.Absent a -> throw new IllegalStateException(NO_EVENT);
      }
      switch (submitted.checked().get(index)) {
        case Checked.Good good -> accepted.add(stored);
        case Checked.Bad bad ->
            rejected.add(new Rejected(index, bad.code(), bad.message(), bad.meant(), stored.id()));
      }
    }
    rejectedItems.increment(rejected.size());
    return new IngestAnswer.Processed(accepted, rejected);
  }

  /**
   * Learns from what is stored, once its client is answered. What an event of ours is like that
   * tells of a rejection, is nothing to learn.
   */
  void learn(Step.Submit submitted, List<Settlement> settlements) {
    Instant now = clock.instant();
    for (int index = 0; index < settlements.size(); index++) {
      if (settlements.get(index) instanceof Settlement.Stored
          && submitted.checked().get(index) instanceof Checked.Good(IncomingEvent event)) {
        learner.learn(submitted.events().organization(), submitted.catalog(), event, now);
      }
    }
  }

  /** What the client is told when nobody knows what came of its events. */
  IngestAnswer unavailable(String reason) {
    return new IngestAnswer.Unavailable(reason, settings.retryAfter());
  }
}
