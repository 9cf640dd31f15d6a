package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.IngestAnswer;
import dev.tocsin.flow.IngestAnswer.Accepted;
import dev.tocsin.flow.IngestAnswer.Busy.Scope;
import dev.tocsin.flow.IngestAnswer.Rejected;
import dev.tocsin.flow.Settlement;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What ingest does with a request, but for waiting: read it, check it, admit it, answer it. */
public final class Ingest {
  private final IngestSettings settings;
  private final BatchReader reader;
  private final EventCheck check;
  private final Admission admission;
  private final InstantSource clock;
  private final Counter rejectedItems;
  private final Counter malformed;

  /**
   * Ingest with its bounds.
   *
   * @param admission shared by every instance on this node
   */
  public Ingest(
      IngestSettings settings,
      Catalog catalog,
      Admission admission,
      InstantSource clock,
      MeterRegistry meters) {
    this.settings = settings;
    this.reader = new BatchReader(settings.batchEventsMax(), settings.eventBytesMax());
    this.check = new EventCheck(catalog);
    this.admission = admission;
    this.clock = clock;
    this.rejectedItems = meters.counter("tocsin.ingest.rejected");
    this.malformed = meters.counter("tocsin.ingest.malformed");
  }

  /** What to do with a request. */
  sealed interface Step {
    /** Answer it; nothing of it is stored. */
    record Refuse(IngestAnswer answer) implements Step {}

    /** Have its events judged and stored, then answer it with {@link Ingest#answer}. */
    record Submit(EventsAccepted events, List<Checked> checked, int bytes) implements Step {}
  }

  /** Reads and checks a request, and admits it if there is room. */
  Step receive(BodyReceived received) {
    return switch (reader.read(received.body())) {
      case BatchReading.Malformed bad -> {
        malformed.increment();
        yield new Step.Refuse(new IngestAnswer.Malformed(bad.message(), bad.pointer()));
      }
      case BatchReading.TooLarge large -> {
        malformed.increment();
        yield new Step.Refuse(new IngestAnswer.TooLarge(large.message()));
      }
      case BatchReading.Items read ->
          admit(received.organization(), read.items(), received.body().length);
    };
  }

  /** Takes room last: nothing after it can fail, so that no room is ever lost. */
  private Step admit(OrganizationId organization, List<RawItem> items, int bytes) {
    Step.Submit submit = submission(organization, items, bytes);
    Scope full = admission.enter(organization, items.size(), bytes);
    return full == null
        ? submit
        : new Step.Refuse(new IngestAnswer.Busy(full, settings.retryAfter()));
  }

  private Step.Submit submission(OrganizationId organization, List<RawItem> items, int bytes) {
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
    return new Step.Submit(accepted, checked, bytes);
  }

  /** Gives back the room that a submitted request took, whatever came of it. */
  void release(Step.Submit submitted) {
    admission.leave(
        submitted.events().organization(), submitted.checked().size(), submitted.bytes());
  }

  /** What the client is told when each event is settled. */
  IngestAnswer answer(Step.Submit submitted, List<Settlement> settlements) {
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
      }
      switch (submitted.checked().get(index)) {
        case Checked.Good good -> accepted.add(stored);
        case Checked.Bad bad ->
            rejected.add(new Rejected(index, bad.code(), bad.message(), stored.id()));
      }
    }
    rejectedItems.increment(rejected.size());
    return new IngestAnswer.Processed(accepted, rejected);
  }

  /** What the client is told when nobody knows what came of its events. */
  IngestAnswer unavailable(String reason) {
    return new IngestAnswer.Unavailable(reason, settings.retryAfter());
  }
}
