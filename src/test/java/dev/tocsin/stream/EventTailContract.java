package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What followers rely on in a tail, whichever it is. */
public abstract class EventTailContract {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");

  /** Nothing else belongs to them. */
  protected OrganizationId acme;

  protected OrganizationId bolt;

  protected abstract EventTail tail();

  protected abstract OrganizationId organization(int number);

  /** Begins a transaction that stores events; they are made after one another. */
  protected abstract Transaction begin();

  /** A transaction, under way. */
  protected interface Transaction {
    /** Stores an event. */
    void store(StoredEvent event);

    /** Ends it, so that its events are there. */
    void commit();

    /** Ends it without a trace. */
    void abort();
  }

  @BeforeEach
  void makeOrganizations() {
    acme = organization(1);
    bolt = organization(2);
  }

  @Test
  void what_is_stored_is_read_in_the_order_of_transactions_and_then_of_ids() {
    Position from = now(acme);
    Transaction first = begin();
    Transaction second = begin();
    second.store(event(acme, 2));
    second.store(event(acme, 1));
    first.store(event(acme, 4));
    first.store(event(acme, 3));
    first.commit();
    second.commit();

    assertThat(read(acme, from, 10)).containsExactly(id(3), id(4), id(1), id(2));
    assertThat(read(bolt, from, 10)).isEmpty();
  }

  @Test
  void an_event_is_kept_back_while_one_before_it_may_still_be_stored() {
    Position from = now(acme);
    Transaction slow = begin();
    Transaction quick = begin();
    quick.store(event(acme, 2));
    quick.commit();

    Stretch held = tail().read(acme, from, 10);
    assertThat(held.events()).isEmpty();
    assertThat(held.hasMore()).isFalse();
    assertThat(held.heldSince()).isEqualTo(event(acme, 2).id().created());

    slow.store(event(acme, 1));
    slow.commit();
    assertThat(read(acme, from, 10)).containsExactly(id(1), id(2));
  }

  @Test
  void a_transaction_of_another_organization_keeps_events_back_too_until_it_ends() {
    Position from = now(acme);
    Transaction other = begin();
    other.store(event(bolt, 1));
    stored(event(acme, 2));

    assertThat(tail().read(acme, from, 10).events()).isEmpty();
    other.abort();
    assertThat(read(acme, from, 10)).containsExactly(id(2));
    assertThat(read(bolt, from, 10)).isEmpty();
  }

  @Test
  void reading_goes_on_where_it_ended() {
    Position from = now(acme);
    Transaction one = begin();
    for (int number = 1; number <= 3; number++) {
      one.store(event(acme, number));
    }
    one.commit();
    stored(event(acme, 4));

    assertThat(read(acme, from, 10)).hasSize(4);

    Stretch first = tail().read(acme, from, 2);
    assertThat(ids(first)).containsExactly(id(1), id(2));
    assertThat(first.hasMore()).isTrue();
    Stretch second = tail().read(acme, first.end(from, NOW), 2);
    assertThat(ids(second)).containsExactly(id(3), id(4));
    assertThat(second.hasMore()).isFalse();
    assertThat(read(acme, second.end(from, NOW), 2)).isEmpty();
  }

  @Test
  void a_reader_begins_after_an_event_of_his_own_organization_that_is_not_hidden() {
    stored(event(acme, 1));
    EventTail.Start start = tail().start(acme, HiddenEvents.NONE, id(1)).orElseThrow();
    stored(event(acme, 2));

    Position from = Position.of(transaction(start), id(1));
    assertThat(read(acme, from, 10)).containsExactly(id(2));
    assertThat(start.snapshot().includes(transaction(start))).isTrue();
    assertThat(tail().start(bolt, HiddenEvents.NONE, id(1))).isEmpty();
    assertThat(tail().start(acme, HiddenEvents.NONE, id(3))).isEmpty();
    assertThat(tail().start(acme, new HiddenEvents(Set.of("product")), id(1))).isEmpty();
    assertThat(tail().start(acme, new HiddenEvents(Set.of("plan")), id(1))).isPresent();
  }

  @Test
  void a_snapshot_tells_what_was_there_from_what_was_not() {
    Transaction slow = begin();
    slow.store(event(acme, 1));
    stored(event(acme, 2));
    Snapshot snapshot = tail().start(acme, HiddenEvents.NONE, null).orElseThrow().snapshot();
    stored(event(acme, 3));
    slow.commit();

    Position from = Position.before(snapshot.below(), NOW);
    assertThat(read(acme, from, 10)).hasSize(3);
    List<Placed> all = tail().read(acme, from, 10).events();
    assertThat(all).extracting(placed -> placed.event().id()).containsExactly(id(1), id(2), id(3));
    assertThat(all)
        .filteredOn(placed -> snapshot.includes(placed.transaction()))
        .extracting(placed -> placed.event().id())
        .containsExactly(id(2));
  }

  @Test
  void of_some_events_those_are_told_that_are_not_hidden() {
    stored(event(acme, 1));
    stored(event(bolt, 2));
    HiddenEvents plans = new HiddenEvents(Set.of("plan"));

    assertThat(tail().visible(acme, plans, List.of(id(1), id(2), id(3)))).containsExactly(id(1));
    assertThat(tail().visible(acme, new HiddenEvents(Set.of("product")), List.of(id(1)))).isEmpty();
  }

  protected final void stored(StoredEvent event) {
    Transaction own = begin();
    own.store(event);
    own.commit();
  }

  private static long transaction(EventTail.Start start) {
    Long transaction = start.transaction();
    if (transaction == null) {
      throw new AssertionError("no transaction in " + start);
    }
    return transaction;
  }

  /** Behind everything that is over. */
  protected final Position now(OrganizationId organization) {
    Snapshot snapshot =
        tail().start(organization, HiddenEvents.NONE, null).orElseThrow().snapshot();
    return Position.before(snapshot.below(), NOW);
  }

  /**
   * Reads once nothing is kept back: something of the server's own may be under way for a moment.
   */
  protected final List<EventId> read(OrganizationId organization, Position from, int max) {
    Stretch stretch = tail().read(organization, from, max);
    for (int tries = 1; stretch.heldSince() != null && tries < 10_000; tries++) {
      stretch = tail().read(organization, from, max);
    }
    return ids(stretch);
  }

  private static List<EventId> ids(Stretch stretch) {
    return stretch.events().stream().map(placed -> placed.event().id()).toList();
  }

  /** An id; higher numbers are later. */
  protected final EventId id(int number) {
    return new EventId(
        new UUID(
            NOW.plusMillis(number).toEpochMilli() << 16 | 0x7000,
            0x8000_0000_0000_0000L | (acme.value().getLeastSignificantBits() & 0xFFFF_FFFFL)));
  }

  /** The creation of a product. */
  protected final StoredEvent event(OrganizationId organization, int number) {
    return event(organization, id(number), null);
  }

  protected static StoredEvent event(
      OrganizationId organization, EventId id, @Nullable String account) {
    return new StoredEvent(
        organization,
        id,
        new EventName("configuration.product.created"),
        Category.CONFIGURATION,
        id.created(),
        "p-1",
        account,
        "{\"id\":\"p-1\"}",
        null,
        null);
  }
}
