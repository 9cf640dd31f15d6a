package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.bus.Bus;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.Settlement.Fired;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnnouncingLedgerTest {
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = Bus.of(vertx, Flow.MESSAGES);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void tells_of_the_organizations_whose_events_a_commit_stored_and_of_no_others()
      throws InterruptedException {
    LinkedBlockingQueue<EventsStored> told = new LinkedBlockingQueue<>();
    bus.consume(Flow.EVENTS_STORED, told::add);
    Verdict stale = new Verdict.StaleRules();
    Verdict stored = new Verdict.Stored();

    commit(stale, stale, stale);
    commit(stored, stale, stored);
    commit(stale, stored, stale);

    assertThat(told.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new EventsStored(Set.of(Samples.organization(0), Samples.organization(2))));
    assertThat(told.poll(20, TimeUnit.SECONDS))
        .isEqualTo(new EventsStored(Set.of(Samples.organization(1))));
  }

  /** A commit of an event for each verdict, each of an organization of its own. */
  private void commit(Verdict... verdicts) {
    List<Judged> events =
        IntStream.range(0, verdicts.length).mapToObj(AnnouncingLedgerTest::judged).toList();
    Ledger.Committed committed = new Ledger.Committed(List.of(verdicts), Samples.NOW, List.of());
    assertThat(
            new AnnouncingLedger(new Answering(committed), bus).commit(events, Map.of(), Set.of()))
        .isSameAs(committed);
  }

  private static Judged judged(int organization) {
    return new Judged(
        Samples.organization(organization),
        new EventId(new UUID(1, organization)),
        Samples.update(null, "c1", 1),
        null,
        null,
        List.of(),
        List.of(),
        List.of());
  }

  /** A ledger that has one answer. */
  private record Answering(Committed committed) implements Ledger {
    @Override
    public Committed commit(
        List<Judged> events, Map<OrganizationId, Long> versions, Set<OrganizationId> held) {
      return committed;
    }

    @Override
    public Collection<EventId> stored(OrganizationId organization, Collection<EventId> events) {
      return events;
    }

    @Override
    public Map<EventId, List<Fired>> notifications(
        OrganizationId organization, Collection<EventId> events) {
      return Map.of();
    }

    @Override
    public Map<IdempotencyKey, EventId> firsts(
        OrganizationId organization, Collection<IdempotencyKey> keys) {
      return Map.of();
    }

    @Override
    public Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> events) {
      return Map.of();
    }
  }
}
