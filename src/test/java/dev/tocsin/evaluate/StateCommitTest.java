package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.NOW;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.payload;
import static dev.tocsin.evaluate.Samples.rules;
import static dev.tocsin.evaluate.Samples.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.event.Category;
import dev.tocsin.event.ChangeNames;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.Settlement.Absent;
import dev.tocsin.flow.Settlement.Duplicate;
import dev.tocsin.flow.Settlement.Stored;
import dev.tocsin.flow.Settlement.Unchanged;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * States of entities, of which the store tells what they changed, alone, together and in a race.
 */
class StateCommitTest {
  private static final OrganizationId ACME = organization(1);
  private static final EntityKey C1 = new EntityKey(ACME, new EntityRef("Commitment", "c1"));
  private static final EventName CREATED = new EventName("configuration.commitment.created");
  private static final EventName UPDATED = new EventName("configuration.commitment.updated");
  private static final EventName DELETED = new EventName("configuration.commitment.deleted");

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final MemoryLedger store = new MemoryLedger();
  private final Ids ids = Samples.ids();
  private final GroupCommit node = node();

  @BeforeEach
  void an_organization_with_rules() {
    store.put(ACME, rules(1));
  }

  private GroupCommit node() {
    return GroupCommit.over(
        new EvaluateSettings(100, 1 << 20, 2, 3, 100, 100, 10, Duration.ofMillis(1)),
        store,
        store,
        runs -> {},
        ids,
        () -> NOW,
        meters);
  }

  @Test
  void a_life_is_told_from_states_alone() {
    List<Settlement> answers = new ArrayList<>();
    for (IncomingEvent said :
        List.of(
            has(null, "c1", "{'a':1}"),
            has(null, "c1", "{'a':2}"),
            has(null, "c1", "{'a':2.0}"),
            gone(null, "c1"),
            gone(null, "c1"),
            has(null, "c1", "{'a':2}"))) {
      answers.addAll(said(said));
    }

    assertThat(answers.stream().map(StateCommitTest::told))
        .containsExactly(CREATED, UPDATED, new Unchanged(), DELETED, new Absent(), CREATED);
    assertThat(store.events())
        .extracting(StateCommitTest::before)
        .containsExactly(null, "{\"a\":1}", "{\"a\":2}", null);
    assertThat(store.events())
        .extracting(judged -> judged.event().transition())
        .containsExactly(
            Transition.CREATED, Transition.UPDATED, Transition.DELETED, Transition.CREATED);
    assertThat(meters.counter("tocsin.events.unchanged").count()).isEqualTo(2);
  }

  @Test
  void a_life_is_told_the_same_when_all_of_it_is_one_group() {
    List<Settlement> answers =
        said(
            gone(null, "c1"),
            has(null, "c1", "{'a':1}"),
            has(null, "c1", "{'a':1}"),
            has(null, "c1", "{'a':2}"),
            gone(null, "c1"),
            gone(null, "c1"),
            has(null, "c1", "{'a':2}"));

    assertThat(answers.stream().map(StateCommitTest::told))
        .containsExactly(
            new Absent(), CREATED, new Unchanged(), UPDATED, DELETED, new Absent(), CREATED);
    assertThat(store.events())
        .extracting(StateCommitTest::before)
        .containsExactly(null, "{\"a\":1}", "{\"a\":2}", null);
  }

  @Test
  void a_state_is_compared_with_what_posted_events_left_behind() {
    said(update(null, "c1", 5));

    assertThat(said(has(null, "c1", "{'amountSpent':5,'id':'c1'}")))
        .containsExactly(new Unchanged());
    assertThat(said(update(null, "c1", 6), has(null, "c1", "{'id':'c1','amountSpent':6}")))
        .last()
        .isEqualTo(new Unchanged());
  }

  /** Of two nodes that both find none, the second that commits is told so, and looks again. */
  @Test
  void two_nodes_that_say_the_same_make_one_event() {
    assertThat(raced(has(null, "c1", "{'a':1}"), has(null, "c1", "{'a':1}")))
        .containsExactly(new Unchanged(), CREATED);
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void two_nodes_that_say_different_things_make_one_creation_and_one_update() {
    assertThat(raced(has(null, "c1", "{'a':1}"), has(null, "c1", "{'a':2}")))
        .containsExactly(UPDATED, CREATED);
    assertThat(store.events())
        .extracting(StateCommitTest::before)
        .containsExactly(null, "{\"a\":2}");
  }

  @Test
  void of_two_nodes_that_say_it_is_gone_one_is_right() {
    said(has(null, "c1", "{'a':1}"));

    assertThat(raced(gone(null, "c1"), gone(null, "c1"))).containsExactly(new Absent(), DELETED);
  }

  /**
   * What is no change because of an event of its group is one when that event is not stored after
   * all; and nothing of the group overtakes anything.
   */
  @Test
  void what_rests_on_an_event_that_is_overtaken_is_told_anew() {
    GroupCommit other = node();
    List<Settlement> answers = new ArrayList<>();
    submit(
        node,
        answers,
        has(null, "c1", "{'a':1}"),
        has(null, "c1", "{'a':1}"),
        has(null, "c1", "{'a':3}"));
    store.beforeNextCommit(() -> {
      List<Settlement> theirs = new ArrayList<>();
      submit(other, theirs, has(null, "c1", "{'a':2}"));
      finish(other);
      assertThat(theirs.stream().map(StateCommitTest::told)).containsExactly(CREATED);
    });
    finish(node);

    assertThat(answers.stream().map(StateCommitTest::told))
        .containsExactly(UPDATED, new Unchanged(), UPDATED);
    assertThat(store.events())
        .extracting(StateCommitTest::before)
        .containsExactly(null, "{\"a\":2}", "{\"a\":1}");
  }

  /**
   * The configuration is there before the commit, so whoever walks through the states has passed.
   */
  @Test
  void a_state_is_dated_by_a_configuration_that_came_after_it_was_judged_and_before_its_commit() {
    said(has(null, "c0", "{'a':1}"));
    store.beforeNextCommit(() -> store.put(ACME, dated(2)));

    List<Settlement> answers = new ArrayList<>();
    submit(node, answers, has(null, "c1", "{'endDate':'2026-12-24'}"));
    finish(node);
    assertThat(answers).as("before it was judged again").isEmpty();
    assertThat(store.appointments(C1)).isEmpty();
    finish(node);

    assertThat(answers).hasSize(1);
    assertThat(store.appointments(C1)).containsExactly("1 2026-12-24T00:00:00Z 1 2026-12-24");
  }

  @Test
  void states_that_are_said_and_entities_that_are_gone_move_and_remove_appointments() {
    store.put(ACME, dated(2));

    said(has(null, "c1", "{'endDate':'2026-12-24'}"));
    said(has(null, "c1", "{'endDate':'2026-12-25'}"), has(null, "c1", "{'endDate':'2026-12-26'}"));
    assertThat(store.appointments(C1)).containsExactly("1 2026-12-26T00:00:00Z 1 2026-12-26");

    said(gone(null, "c1"));
    assertThat(store.appointments(C1)).isEmpty();
  }

  @Test
  void what_was_due_too_long_ago_is_counted_as_skipped_once() {
    store.put(ACME, dated(2));

    said(has(null, "c1", "{'endDate':'2026-11-01'}"));
    said(has(null, "c1", "{'endDate':'2026-11-01','a':1}"));

    assertThat(meters.counter("tocsin.schedule.skipped").count()).isEqualTo(1);
  }

  /** Rules of a later version, with a scheduled event at the end date of commitments. */
  private static RuleSet dated(long version) {
    ScheduledDate date = new ScheduledDate(new UUID(7, 1), 1, "Commitment", "endDate", 0);
    return new RuleSet(version, List.of(), new ScheduledDates(ZoneId.of("UTC"), List.of(date)));
  }

  @Test
  void an_older_state_is_an_event_and_overwrites_nothing() {
    said(has(null, "c1", "{'a':1}"));

    assertThat(said(at(NOW.minusSeconds(1), has(null, "c1", "{'a':0,'accountId':'old'}"))).stream())
        .map(StateCommitTest::told)
        .containsExactly(UPDATED);
    assertThat(said(at(NOW.minusSeconds(1), gone(null, "c1"))).stream())
        .map(StateCommitTest::told)
        .containsExactly(DELETED);
    assertThat(store.events())
        .extracting(StateCommitTest::before)
        .containsExactly(null, null, null);
    assertThat(said(has(null, "c1", "{'a':1}"))).containsExactly(new Unchanged());
  }

  /** The node's clock may lag behind whoever wrote the state. */
  @Test
  void a_state_that_arrives_now_is_never_older_than_the_stored_one() {
    said(at(NOW.plusSeconds(5), has(null, "c1", "{'a':1}")));

    assertThat(said(arriving(has(null, "c1", "{'a':2}"))).stream())
        .map(StateCommitTest::told)
        .containsExactly(UPDATED);
    assertThat(store.events().getLast().event().time()).isEqualTo(NOW.plusSeconds(5));
    assertThat(before(store.events().getLast())).isEqualTo("{\"a\":1}");
  }

  @Test
  void a_deletion_belongs_to_the_account_that_the_entity_had() {
    said(has(null, "c1", "{'accountId':'a7'}"));
    said(gone(null, "c1"));

    assertThat(store.events().getLast().event().accountId()).isEqualTo("a7");
  }

  @Test
  void a_repetition_is_answered_with_the_first_event_though_it_would_change_nothing() {
    Stored first = (Stored) said(has("k1", "c1", "{'a':1}")).getFirst();
    Duplicate again = new Duplicate(first.id(), CREATED, List.of());

    assertThat(said(has("k1", "c1", "{'a':1}"))).containsExactly(again);
    said(has(null, "c1", "{'a':2}"));
    assertThat(said(has("k1", "c1", "{'a':1}"))).containsExactly(again);
    Stored end = (Stored) said(gone("k2", "c1")).getFirst();
    assertThat(said(gone("k2", "c1"), gone("k2", "c1"), gone(null, "c1")))
        .containsExactly(
            new Duplicate(end.id(), DELETED, List.of()),
            new Duplicate(end.id(), DELETED, List.of()),
            new Absent());
    assertThat(store.events()).hasSize(3);
  }

  @Test
  void what_is_no_change_uses_no_key_so_whoever_shares_it_is_heard() {
    said(has(null, "c1", "{'a':1}"));

    List<Settlement> answers =
        said(has("k", "c1", "{'a':1}"), has("k", "c1", "{'a':2}"), update("k", "c1", 3));

    assertThat(answers.get(0)).isEqualTo(new Unchanged());
    assertThat(told(answers.get(1))).isEqualTo(UPDATED);
    assertThat(answers.get(2)).isInstanceOf(Duplicate.class);
    assertThat(store.events()).hasSize(2);
  }

  @Test
  void an_outcome_that_was_lost_is_found_with_the_name() {
    List<Settlement> answers = new ArrayList<>();
    submit(node, answers, has(null, "c1", "{'a':1}"));
    store.loseNextAnswer();
    finish(node);

    assertThat(answers.stream().map(StateCommitTest::told)).containsExactly(CREATED);
    assertThat(store.events()).hasSize(1);
  }

  /** What a node says whose commit comes after another's, both having found the same; then that. */
  private List<Object> raced(IncomingEvent late, IncomingEvent early) {
    GroupCommit other = node();
    List<Settlement> answers = new ArrayList<>();
    List<Settlement> others = new ArrayList<>();
    submit(node, answers, late);
    store.beforeNextCommit(() -> {
      submit(other, others, early);
      finish(other);
    });
    finish(node);
    return List.of(told(answers.getFirst()), told(others.getFirst()));
  }

  private List<Settlement> said(IncomingEvent... events) {
    List<Settlement> answers = new ArrayList<>();
    submit(node, answers, events);
    finish(node);
    assertThat(answers).hasSize(events.length);
    return answers;
  }

  private static void submit(GroupCommit at, List<Settlement> answers, IncomingEvent... events) {
    at.submit(
        new EventsAccepted(ACME, List.of(events), NOW.plusSeconds(20)),
        settled -> answers.addAll(settled.settlements()));
  }

  /** Runs rounds until nothing waits. */
  private void finish(GroupCommit at) {
    do {
      at.takeRulesWanted()
          .forEach(wanted ->
              at.loaded(
                  ACME,
                  new Loaded.Found(Objects.requireNonNull(store.load(Set.of(ACME)).get(ACME)))));
      at.runOnce();
    } while (!at.isIdle());
  }

  /** The name of the event; what was answered, when there is none. */
  private static Object told(Settlement settlement) {
    return settlement instanceof Stored stored
        ? Objects.requireNonNull(stored.decided())
        : settlement;
  }

  private static @Nullable String before(Judged judged) {
    return judged.before() == null ? null : judged.before().json();
  }

  private static IncomingEvent has(@Nullable String key, String id, String state) {
    Payload after = payload(state.replace('\'', '"'));
    return event(key, id, Transition.UPDATED, (String) after.fields().get("accountId"), after);
  }

  private static IncomingEvent gone(@Nullable String key, String id) {
    return event(key, id, Transition.DELETED, null, null);
  }

  private static IncomingEvent event(
      @Nullable String key,
      String id,
      Transition transition,
      @Nullable String account,
      @Nullable Payload after) {
    ChangeNames names = new ChangeNames(CREATED, UPDATED, DELETED);
    return new IncomingEvent(
        key == null ? null : IdempotencyKey.ofSender(key),
        names.of(transition),
        Category.CONFIGURATION,
        NOW,
        Timing.SENT,
        new EntityRef("Commitment", id),
        transition,
        account,
        after,
        null,
        names);
  }

  private static IncomingEvent at(Instant time, IncomingEvent event) {
    return timed(event, time, Timing.SENT);
  }

  private static IncomingEvent arriving(IncomingEvent event) {
    return timed(event, NOW, Timing.ARRIVED);
  }

  private static IncomingEvent timed(IncomingEvent event, Instant time, Timing timing) {
    return new IncomingEvent(
        event.key(),
        event.name(),
        event.category(),
        time,
        timing,
        event.entity(),
        event.transition(),
        event.accountId(),
        event.after(),
        event.before(),
        event.names());
  }
}
