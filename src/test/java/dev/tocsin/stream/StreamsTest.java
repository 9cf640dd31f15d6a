package dev.tocsin.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamsTest {
  private static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  private static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  private static final StreamSettings SETTINGS =
      new StreamSettings(3, 2, 10, 2, Duration.ofSeconds(1));

  private Instant now = NOW;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Threads threads = new Threads();
  private final List<HiddenEvents> asked = new ArrayList<>();
  private final MemoryEventTail tail = new MemoryEventTail((hidden, event) -> hides(hidden, event));
  private Streams streams = new Streams(tail, SETTINGS, threads, threads, () -> now, meters);
  private long made;

  private boolean hides(HiddenEvents hidden, StoredEvent event) {
    asked.add(hidden);
    return hidden.hides(event.name());
  }

  @Test
  void what_is_stored_is_shown_with_the_message_of_it() {
    Listener listener = listen(ACME, null);
    StoredEvent event = stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runAll();

    assertThat(listener.shown).containsExactly(event);
  }

  @Test
  void a_message_that_is_lost_costs_no_more_than_a_poll() {
    Listener listener = listen(ACME, null);
    StoredEvent event = stored(ACME);
    threads.runAll();
    assertThat(listener.shown).isEmpty();

    streams.poll();
    threads.runAll();
    assertThat(listener.shown).containsExactly(event);
  }

  @Test
  void what_was_there_before_is_not_shown_though_a_long_transaction_keeps_its_place_open() {
    long slow = tail.begin();
    stored(ACME);
    Listener listener = listen(ACME, null);
    StoredEvent late = event(ACME);
    tail.store(slow, late);
    tail.commit(slow);
    streams.poll();
    threads.runAll();

    assertThat(listener.shown).containsExactly(late);
  }

  @Test
  void who_names_the_event_he_got_last_is_shown_what_came_after_it() {
    StoredEvent first = stored(ACME);
    StoredEvent second = stored(ACME);
    Listener listener = listen(ACME, first.id());
    threads.runAll();
    StoredEvent third = stored(ACME);
    streams.poll();
    threads.runAll();

    assertThat(listener.shown).containsExactly(second, third);
  }

  /** Its id is known from the answer to its sender, earlier than from a stream. */
  @Test
  void who_begins_after_an_event_that_is_still_kept_back_takes_nothing_from_others() {
    long slow = tail.begin();
    StoredEvent ahead = stored(ACME);
    Listener early = listen(ACME, ahead.id());
    early.sight = new Sight.Unclear();
    streams.poll();
    threads.runWaiting();
    early.sight = new Sight.Sees(HiddenEvents.NONE);
    threads.runWaiting();
    threads.runWaiting();
    Listener other = listen(ACME, null);
    StoredEvent late = event(ACME);
    tail.store(slow, late);
    tail.commit(slow);
    streams.poll();
    threads.runAll();

    assertThat(other.shown).containsExactly(late);
  }

  @Test
  void an_event_that_is_not_there_or_not_for_the_caller_is_nothing_to_begin_after() {
    StoredEvent event = stored(BOLT);
    StoredEvent hidden = stored(ACME);

    assertThat(opened(ACME, HiddenEvents.NONE, event.id())).isEqualTo(new Opening.Unknown());
    assertThat(opened(ACME, new HiddenEvents(Set.of("product")), hidden.id()))
        .isEqualTo(new Opening.Unknown());
    assertThat(meters.get("tocsin.stream.open").gauge().value()).isZero();
  }

  @Test
  void there_are_only_so_many_of_an_organization_and_in_all_and_who_leaves_makes_room() {
    Listener first = listen(ACME, null);
    listen(ACME, null);
    assertThat(opened(ACME, HiddenEvents.NONE, null))
        .isEqualTo(new Opening.Full(Opening.Full.Scope.ORGANIZATION));
    listen(BOLT, null);
    assertThat(opened(BOLT, HiddenEvents.NONE, null))
        .isEqualTo(new Opening.Full(Opening.Full.Scope.SERVER));
    assertThat(count("tocsin.stream.refused", "scope", "organization")).isEqualTo(1);
    assertThat(count("tocsin.stream.refused", "scope", "server")).isEqualTo(1);

    first.leave();
    first.leave();
    assertThat(opened(ACME, HiddenEvents.NONE, null)).isInstanceOf(Opening.Ready.class);
    assertThat(meters.get("tocsin.stream.open").gauge().value()).isEqualTo(3);
  }

  @Test
  void a_store_that_is_away_takes_no_place_and_delays_what_is_shown() {
    Listener listener = listen(ACME, null);
    tail.setAway(true);
    CompletableFuture<Opening> opening = streams.open(ACME, HiddenEvents.NONE, null);
    StoredEvent event = stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runAll();
    assertThat(opening).isCompletedExceptionally();
    assertThat(meters.get("tocsin.stream.open").gauge().value()).isEqualTo(1);

    tail.setAway(false);
    streams.poll();
    threads.runAll();
    assertThat(listener.shown).containsExactly(event);
  }

  @Test
  void who_loses_his_rights_is_told_with_the_next_look_and_shown_nothing_more() {
    Listener listener = listen(ACME, null);
    listener.sight = new Sight.Lost();
    stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runAll();

    assertThat(listener.shown).isEmpty();
    assertThat(listener.ended).isEqualTo(End.RIGHTS_LOST);
    assertThat(count("tocsin.stream.ended", "reason", "rights_lost")).isEqualTo(1);
    assertThat(meters.get("tocsin.stream.followers").gauge().value()).isZero();

    Listener quiet = listen(ACME, null);
    quiet.sight = new Sight.Lost();
    streams.poll();
    threads.runAll();
    assertThat(quiet.ended).isEqualTo(End.RIGHTS_LOST);
  }

  @Test
  void rights_that_change_decide_over_what_is_shown_from_then_on() {
    Listener listener = listen(ACME, null);
    StoredEvent first = stored(ACME);
    streams.poll();
    threads.runAll();
    listener.sight = new Sight.Sees(new HiddenEvents(Set.of("product")));
    stored(ACME);
    streams.poll();
    threads.runAll();
    listener.sight = new Sight.Sees(HiddenEvents.NONE);
    StoredEvent third = stored(ACME);
    streams.poll();
    threads.runAll();

    assertThat(listener.shown).containsExactly(first, third);
  }

  @Test
  void while_rights_are_unclear_nothing_is_shown_and_nothing_lost() {
    Listener listener = listen(ACME, null);
    Listener other = listen(ACME, null);
    listener.sight = new Sight.Unclear();
    StoredEvent first = stored(ACME);
    streams.poll();
    threads.runWaiting();
    threads.runWaiting();
    assertThat(listener.shown).isEmpty();
    assertThat(other.shown).containsExactly(first);
    assertThat(meters.get("tocsin.stream.catchingup").gauge().value()).isEqualTo(1);

    listener.sight = new Sight.Sees(HiddenEvents.NONE);
    StoredEvent second = stored(ACME);
    streams.poll();
    threads.runAll();
    assertThat(listener.shown).containsExactly(first, second);
    assertThat(meters.get("tocsin.stream.catchingup").gauge().value()).isZero();
  }

  @Test
  void what_is_hidden_is_asked_once_for_all_from_whom_the_same_is() {
    HiddenEvents plans = new HiddenEvents(Set.of("plan"));
    Listener one = listen(ACME, null);
    Listener other = listen(ACME, null);
    one.sight = new Sight.Sees(plans);
    other.sight = new Sight.Sees(plans);
    StoredEvent event = stored(ACME);
    streams.poll();
    threads.runAll();

    assertThat(one.shown).containsExactly(event);
    assertThat(other.shown).containsExactly(event);
    assertThat(asked).containsExactly(plans);
  }

  @Test
  void who_has_no_room_while_events_come_is_shown_them_when_he_has_and_keeps_nobody_waiting() {
    Listener listener = listen(ACME, null);
    Listener other = listen(ACME, null);
    listener.room = 1;
    StoredEvent first = stored(ACME);
    StoredEvent second = stored(ACME);
    streams.poll();
    threads.runAll();
    assertThat(listener.shown).containsExactly(first);
    assertThat(other.shown).containsExactly(first, second);
    assertThat(meters.get("tocsin.stream.overflow").counter().count()).isEqualTo(1);

    StoredEvent third = stored(ACME);
    listener.makeRoom(5);
    threads.runAll();
    assertThat(listener.shown).containsExactly(first, second, third);
    assertThat(meters.get("tocsin.stream.catchingup").gauge().value()).isZero();
  }

  @Test
  void who_has_no_room_while_he_catches_up_is_waited_for() {
    StoredEvent first = stored(ACME);
    StoredEvent second = stored(ACME);
    StoredEvent third = stored(ACME);
    Listener listener = begin(ACME, first.id());
    listener.room = 1;
    threads.runAll();
    assertThat(listener.shown).containsExactly(second);
    assertThat(listener.ended).isNull();

    listener.makeRoom(5);
    threads.runAll();
    assertThat(listener.shown).containsExactly(second, third);
  }

  /** No message comes of the transaction that keeps them back, if it is another organization's. */
  @Test
  void events_that_are_kept_back_are_looked_for_soon_and_then_less_often() {
    Listener listener = listen(ACME, null);
    long other = tail.begin();
    StoredEvent event = stored(ACME);
    threads.delays();
    streams.stored(Set.of(ACME));
    for (int i = 0; i < 20; i++) {
      threads.runWaiting();
    }
    assertThat(threads.delays())
        .startsWith(Duration.ofMillis(10), Duration.ofMillis(20), Duration.ofMillis(40))
        .endsWith(Duration.ofSeconds(1));
    now = NOW.plusSeconds(3);
    assertThat(meters.get("tocsin.stream.held.seconds").gauge().value()).isEqualTo(3);

    tail.abort(other);
    threads.runAll();
    assertThat(listener.shown).containsExactly(event);
    assertThat(meters.get("tocsin.stream.held.seconds").gauge().value()).isZero();
  }

  /** Each look would lead to one more, for as long as the events are kept back. */
  @Test
  void however_often_it_is_looked_for_what_is_kept_back_one_look_is_to_come() {
    listen(ACME, null);
    tail.begin();
    stored(ACME);
    threads.runAll();
    threads.delays();
    for (int i = 0; i < 10; i++) {
      streams.poll();
      streams.stored(Set.of(ACME));
      threads.runReady();
    }

    assertThat(threads.delayed()).isEqualTo(1);
    assertThat(threads.delays()).hasSize(1);
  }

  /** The pause has grown long when the first hold ends. */
  @Test
  void what_is_kept_back_anew_is_looked_for_soon_though_a_late_look_is_to_come() {
    Listener listener = listen(ACME, null);
    long slow = tail.begin();
    stored(ACME);
    streams.stored(Set.of(ACME));
    for (int i = 0; i < 20; i++) {
      threads.runWaiting();
    }
    tail.abort(slow);
    streams.stored(Set.of(ACME));
    threads.runReady();
    threads.delays();
    assertThat(listener.shown).hasSize(1);

    tail.begin();
    stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runReady();
    assertThat(threads.delays()).containsExactly(Duration.ofMillis(10));
  }

  /** All of them come back at once, as after a restart. */
  @Test
  void however_many_catch_up_another_organization_waits_for_one_read_of_theirs() {
    List<OrganizationId> reads = followReads(100);
    StoredEvent first = stored(ACME);
    List<StoredEvent> missed = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      missed.add(stored(ACME));
    }
    Listener other = listen(BOLT, null);
    threads.runAll();
    List<CompletableFuture<Opening>> openings = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      openings.add(streams.open(ACME, HiddenEvents.NONE, first.id()));
    }
    threads.runAll();
    List<Listener> behind = new ArrayList<>();
    for (CompletableFuture<Opening> opening : openings) {
      Listener listener = new Listener();
      listener.follow(opening.join());
      behind.add(listener);
    }
    reads.clear();
    StoredEvent live = stored(BOLT);
    streams.stored(Set.of(BOLT));
    threads.runWaiting();

    assertThat(other.shown).containsExactly(live);
    assertThat(reads).containsOnlyOnce(ACME);
    threads.runAll();
    assertThat(behind).allSatisfy(one -> assertThat(one.shown).isEqualTo(missed));
  }

  /** Who takes all there is takes it faster and faster; nobody knows at first that he does. */
  @Test
  void who_catches_up_begins_with_little() {
    List<Integer> sizes = new ArrayList<>();
    follow(100, (organization, from, max) -> sizes.add(max));
    StoredEvent first = stored(ACME);
    for (int i = 0; i < 200; i++) {
      stored(ACME);
    }
    begin(ACME, first.id());
    threads.runAll();

    assertThat(sizes).startsWith(16, 32, 64, 100);
  }

  /** The only other one is slow, and has fallen far behind. */
  @Test
  void who_begins_with_the_present_does_not_wait_until_the_past_is_read() {
    List<OrganizationId> reads = followReads(10);
    Listener slow = listen(ACME, null);
    slow.room = 0;
    for (int i = 0; i < 200; i++) {
      stored(ACME);
    }
    streams.stored(Set.of(ACME));
    threads.runAll();
    reads.clear();
    Listener quick = listen(ACME, null);
    StoredEvent event = stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runAll();

    assertThat(quick.shown).containsExactly(event);
    assertThat(reads).as("one when he came, one for the event").hasSize(2);
    slow.makeRoom(1_000);
    threads.runAll();
    assertThat(slow.shown).hasSize(201).endsWith(event);
  }

  /** Each day that has to be looked into is a partition. */
  @Test
  void a_quiet_organization_is_looked_into_no_further_back_than_it_was_looked_into() {
    List<Position> places = new ArrayList<>();
    follow(10, (organization, from, max) -> places.add(from));
    listen(ACME, null);
    for (int day = 0; day < 20; day++) {
      now = now.plus(Duration.ofDays(1));
      streams.poll();
      threads.runAll();
    }

    assertThat(places.getLast().since()).isEqualTo(NOW.plus(Duration.ofDays(19)));
  }

  /** They were made before the day into which it would be looked otherwise. */
  @Test
  void what_is_kept_back_for_days_is_still_looked_for_then_by_whoever_waits_for_it() {
    List<Position> places = new ArrayList<>();
    follow(10, (organization, from, max) -> places.add(from));
    StoredEvent first = stored(ACME);
    Listener early = listen(ACME, null);
    long slow = tail.begin();
    StoredEvent held = stored(ACME);
    for (int day = 0; day < 3; day++) {
      now = now.plus(Duration.ofDays(1));
      streams.poll();
      threads.runReady();
    }
    Listener resumed = begin(ACME, first.id());
    threads.runReady();
    assertThat(places).allSatisfy(place -> assertThat(place.since()).isEqualTo(NOW));

    tail.abort(slow);
    threads.runAll();
    assertThat(early.shown).containsExactly(held);
    assertThat(resumed.shown).containsExactly(held);
  }

  @Test
  void what_was_kept_back_long_before_anybody_came_is_looked_for_when_it_counts_for_somebody() {
    StoredEvent first = stored(ACME);
    tail.begin();
    StoredEvent held = stored(ACME);
    now = now.plus(Duration.ofDays(3));
    for (StoredEvent last : List.of(first, held)) {
      List<Position> places = new ArrayList<>();
      follow(10, (organization, from, max) -> places.add(from));
      listen(ACME, null);
      threads.runReady();
      assertThat(places.getLast().since()).isEqualTo(now);

      begin(ACME, last.id());
      threads.runReady();
      assertThat(places.getLast().since()).isEqualTo(NOW);
    }
  }

  /** The place of all has moved on when it happens. */
  @Test
  void a_mistake_in_showing_one_the_events_takes_them_from_nobody() {
    Listener first = listen(ACME, null);
    Listener second = listen(ACME, null);
    first.mistake = new IllegalStateException("a mistake");
    second.mistake = new AssertionError("a mistake");
    StoredEvent event = stored(ACME);
    streams.stored(Set.of(ACME));
    threads.runAll();

    assertThat(first.shown).containsExactly(event);
    assertThat(second.shown).containsExactly(event);
  }

  @Test
  void a_server_that_stops_tells_everybody_and_takes_nobody() {
    Listener listener = listen(ACME, null);
    CompletableFuture<Opening> opening = streams.open(ACME, HiddenEvents.NONE, null);
    threads.runAll();
    streams.endAll();
    assertThat(listener.ended).isEqualTo(End.STOPPING);

    Listener late = new Listener();
    late.follow(opening.join());
    assertThat(late.ended).isEqualTo(End.STOPPING);
    assertThat(meters.get("tocsin.stream.open").gauge().value()).isZero();
  }

  /** Whose events are read, from now on. */
  private List<OrganizationId> followReads(int readEventsMax) {
    List<OrganizationId> reads = new ArrayList<>();
    follow(readEventsMax, (organization, from, max) -> reads.add(organization));
    return reads;
  }

  private interface Read {
    void happens(OrganizationId organization, Position from, int max);
  }

  private void follow(int readEventsMax, Read read) {
    EventTail watched =
        new EventTail() {
          @Override
          public Optional<Start> start(
              OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
            return tail.start(organization, hidden, after);
          }

          @Override
          public Stretch read(OrganizationId organization, Position from, int max) {
            read.happens(organization, from, max);
            return tail.read(organization, from, max);
          }

          @Override
          public Set<EventId> visible(
              OrganizationId organization, HiddenEvents hidden, Collection<EventId> events) {
            return tail.visible(organization, hidden, events);
          }
        };
    StreamSettings settings = new StreamSettings(100, 100, readEventsMax, 2, Duration.ofSeconds(1));
    streams = new Streams(watched, settings, threads, threads, () -> now, meters);
  }

  private Opening opened(
      OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
    CompletableFuture<Opening> opening = streams.open(organization, hidden, after);
    threads.runAll();
    return opening.join();
  }

  /** Somebody who has caught up. */
  private Listener listen(OrganizationId organization, @Nullable EventId after) {
    Listener listener = begin(organization, after);
    threads.runWaiting();
    return listener;
  }

  private Listener begin(OrganizationId organization, @Nullable EventId after) {
    CompletableFuture<Opening> opening = streams.open(organization, HiddenEvents.NONE, after);
    threads.runWaiting();
    Listener listener = new Listener();
    listener.follow(opening.join());
    return listener;
  }

  private double count(String name, String tag, String value) {
    return meters.get(name).tag(tag, value).counter().count();
  }

  private StoredEvent stored(OrganizationId organization) {
    StoredEvent event = event(organization);
    tail.add(event);
    return event;
  }

  private StoredEvent event(OrganizationId organization) {
    return new StoredEvent(
        organization,
        new EventId(new UUID(NOW.toEpochMilli() << 16 | 0x7000, ++made)),
        new EventName("configuration.product.created"),
        Category.CONFIGURATION,
        NOW,
        "p-1",
        null,
        "{}",
        null,
        null);
  }

  /** Somebody with much room who may see all, unless a test says otherwise. */
  private static final class Listener implements Subscriber {
    private final List<StoredEvent> shown = new ArrayList<>();
    private Sight sight = new Sight.Sees(HiddenEvents.NONE);
    private int room = 1_000;
    private @Nullable Throwable mistake;
    private @Nullable End ended;
    private @Nullable Runnable leave;
    private @Nullable Runnable whenRoom;

    void follow(Opening opening) {
      assertThat(opening).isInstanceOf(Opening.Ready.class);
      leave = ((Opening.Ready) opening).beginning().follow(this);
    }

    void leave() {
      if (leave != null) {
        leave.run();
      }
    }

    void makeRoom(int events) {
      room = events;
      if (whenRoom != null) {
        whenRoom.run();
      }
    }

    @Override
    public Sight sight() {
      return sight;
    }

    @Override
    public boolean wants(StoredEvent event) {
      return true;
    }

    @Override
    public boolean take(StoredEvent event) {
      Throwable once = mistake;
      mistake = null;
      switch (once) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        case null, default -> {}
      }
      if (room == 0) {
        return false;
      }
      room--;
      shown.add(event);
      return true;
    }

    @Override
    public void whenRoom(Runnable work) {
      whenRoom = work;
    }

    @Override
    public void end(End why) {
      ended = why;
    }
  }
}
