package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.NOW;
import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.rule;
import static dev.tocsin.evaluate.Samples.rules;
import static dev.tocsin.evaluate.Samples.switchedOff;
import static dev.tocsin.evaluate.Samples.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsAccepted;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RulesChanged;
import dev.tocsin.flow.Settlement;
import dev.tocsin.flow.Settlement.Duplicate;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.flow.Settlement.Stored;
import dev.tocsin.flow.Settlement.Unsettled;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GroupCommitTest {
  private static final OrganizationId ACME = organization(1);
  private static final OrganizationId BOLT = organization(2);

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final MemoryLedger store = new MemoryLedger();
  private final Interposed ledger = new Interposed();
  private final List<LeasedRun> handedOver = new ArrayList<>();
  private Instant now = NOW;
  private final GroupCommit groupCommit = groupCommit(100);

  @Test
  void an_event_is_settled_with_what_it_set_off_once_it_is_durable() {
    store.put(ACME, rules(1, always(1), always(2)));
    List<Settlement> answer = submit(ACME, update("k", "c1", 10));
    assertThat(answer).isEmpty();

    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 0, false));

    Judged judged = store.events().getFirst();
    assertThat(answer)
        .containsExactly(
            new Stored(
                judged.id(),
                List.of(
                    new Fired(judged.firings().get(0).notification(), always(1).id(), "rule_1"),
                    new Fired(judged.firings().get(1).notification(), always(2).id(), "rule_2"))));
    assertThat(handedOver)
        .extracting(run -> run.message().ruleCode())
        .containsExactly("rule_1", "rule_2");
    assertThat(handedOver)
        .allSatisfy(run -> assertThat(run.message().cause().id()).isEqualTo(judged.id()))
        .allSatisfy(run -> assertThat(run.leaseEnd()).isEqualTo(NOW.plus(Samples.LEASE)));
    assertThat(groupCommit.isIdle()).isTrue();
  }

  /** It is told of all the same, and noted down, so that it can be delivered later. */
  @Test
  void what_is_switched_off_is_not_handed_over() {
    store.put(ACME, rules(1, switchedOff(1), always(2)));

    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_1", "rule_2"));
    assertThat(handedOver).extracting(run -> run.message().ruleCode()).containsExactly("rule_2");
    assertThat(store.events().getFirst().firings())
        .allSatisfy(firing -> assertThat(firing.runs()).hasSize(1));
  }

  /**
   * A hundred configurations of one entity would make a hundred rows of each of a thousand events.
   */
  @Test
  void events_with_many_appointments_are_committed_in_smaller_groups() {
    List<ScheduledDate> dates = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      dates.add(new ScheduledDate(new UUID(7, i), 1, "Commitment", "endDate", i));
    }
    store.put(ACME, new RuleSet(1, List.of(), new ScheduledDates(ZoneId.of("UTC"), dates)));
    store.put(BOLT, rules(1));
    IncomingEvent[] events = new IncomingEvent[80];
    for (int i = 0; i < events.length; i++) {
      events[i] = update(null, "c" + i, i);
    }

    submit(BOLT, events);
    assertThat(runOnce(groupCommit).taken()).isEqualTo(80);
    submit(ACME, events);
    assertThat(runOnce(groupCommit).taken()).isBetween(30, 50);
  }

  @Test
  void rules_that_changed_since_they_were_read_are_read_again_and_judge_the_event() {
    store.put(ACME, rules(1, always(1)));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    store.put(ACME, rules(2, always(2)));

    List<Settlement> answer = submit(ACME, update(null, "c1", 2));
    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 1, false));
    assertThat(answer).isEmpty();
    runOnce(groupCommit);

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2"));
    assertThat(store.events()).hasSize(2);
  }

  @Test
  void an_organization_whose_rules_are_being_loaded_keeps_no_other_waiting() {
    store.put(ACME, rules(1, always(1)));
    store.put(BOLT, rules(1));
    submit(BOLT, update(null, "c1", 1));
    runOnce(groupCommit);

    List<Settlement> acme = submit(ACME, update(null, "c1", 1), update(null, "c1", 2));
    assertThat(groupCommit.takeRulesWanted())
        .extracting(RulesWanted::organization)
        .containsExactly(ACME);
    List<Settlement> bolt = submit(BOLT, update(null, "c1", 2));
    assertThat(groupCommit.runOnce()).isEqualTo(new GroupCommit.Round(1, 0, false));
    assertThat(bolt).hasSize(1).allMatch(Stored.class::isInstance);
    assertThat(acme).isEmpty();
    assertThat(groupCommit.isIdle()).isTrue();

    groupCommit.loaded(ACME, load(ACME));
    assertThat(groupCommit.isIdle()).isFalse();
    groupCommit.runOnce();
    assertThat(firedCodes(acme)).containsExactly(List.of("rule_1"), List.of("rule_1"));
  }

  @Test
  void rules_are_loaded_once_at_a_time_and_again_when_that_failed() {
    submit(ACME, update(null, "c1", 1));
    assertThat(groupCommit.takeRulesWanted())
        .extracting(RulesWanted::organization)
        .containsExactly(ACME);
    submit(ACME, update(null, "c1", 2));
    assertThat(groupCommit.takeRulesWanted()).isEmpty();

    groupCommit.loaded(ACME, new Loaded.Failed());
    assertThat(groupCommit.takeRulesWanted())
        .extracting(RulesWanted::organization)
        .containsExactly(ACME);
  }

  @Test
  void rules_that_changed_while_they_were_loaded_judge_nothing() {
    store.put(ACME, rules(1, always(1)));
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    assertThat(groupCommit.takeRulesWanted())
        .extracting(RulesWanted::organization)
        .containsExactly(ACME);
    Loaded old = load(ACME);
    store.put(ACME, rules(2, always(2)));
    groupCommit.loaded(ACME, old);

    assertThat(groupCommit.runOnce()).isEqualTo(new GroupCommit.Round(1, 1, false));
    runOnce(groupCommit);
    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2"));
  }

  /** Whoever changes rules one after the other is quicker than a commit. */
  @Test
  void rules_that_change_before_each_commit_keep_events_waiting_once_and_are_then_held() {
    store.put(ACME, rules(1, always(1)));
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    Hold hold = new Hold();
    for (int change = 2; change < 4; change++) {
      RuleSet changed = rules(change, always(change));
      ledger.next(commit -> {
        if (!hold.isOn() || store.loads() < 2) {
          store.put(ACME, changed);
        }
        commit.run();
      });
    }
    runOnce(groupCommit);
    assertThat(groupCommit.takeRulesWanted())
        .containsExactly(new RulesWanted(ACME, OptionalLong.of(1), true));
    groupCommit.loaded(ACME, new Loaded.Held(load(ACME), hold));
    groupCommit.runOnce();

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2"));
    assertThat(hold.isOn()).isFalse();
  }

  /** The commit under way may wait for a change, which waits for the hold. */
  @Test
  void a_hold_does_not_wait_for_events_that_wait_themselves() {
    store.put(ACME, rules(1, always(1)));
    Hold nobodyWaits = new Hold();
    groupCommit.loaded(ACME, new Loaded.Held(load(ACME), nobodyWaits));
    assertThat(nobodyWaits.isOn()).isFalse();

    Hold heldUp = new Hold();
    submit(ACME, update(null, "c1", 1));
    ledger.next(commit -> {
      submit(ACME, update(null, "c1", 2));
      groupCommit.loaded(ACME, new Loaded.Held(load(ACME), heldUp));
      assertThat(heldUp.isOn()).isFalse();
      commit.run();
    });
    groupCommit.runOnce();
  }

  @Test
  void rules_that_are_forgotten_while_events_wait_are_loaded_before_those_are_judged() {
    store.put(ACME, rules(1, always(1)));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    store.put(ACME, rules(2, always(2)));

    List<Settlement> answer = submit(ACME, update(null, "c1", 2));
    groupCommit.rulesChanged(new RulesChanged(ACME, 2));
    assertThat(groupCommit.runOnce()).isEqualTo(new GroupCommit.Round(0, 0, false));
    runOnce(groupCommit);

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2"));
  }

  @Test
  void what_nobody_waits_for_any_more_does_not_wait_for_rules() {
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    groupCommit.takeRulesWanted();
    now = NOW.plusSeconds(60);
    groupCommit.runOnce();

    assertThat(answer.getFirst()).isInstanceOf(Unsettled.class);
    groupCommit.loaded(ACME, new Loaded.Missing());
    assertThat(groupCommit.takeRulesWanted()).isEmpty();
  }

  @Test
  void what_changed_of_the_rules_is_followed_and_the_rest_kept() {
    store.put(ACME, rules(1, always(1), always(2)));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    store.put(ACME, rules(2, always(2), always(3)));
    groupCommit.rulesChanged(new RulesChanged(ACME, 2));

    List<Settlement> answer = submit(ACME, update(null, "c1", 2));
    assertThat(groupCommit.takeRulesWanted())
        .containsExactly(new RulesWanted(ACME, OptionalLong.of(1), false));
    groupCommit.loaded(ACME, new Loaded.Changed(store.changesSince(ACME, 1).orElseThrow()));
    groupCommit.runOnce();

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2", "rule_3"));
    assertThat(meters.timer("tocsin.rules.follow").count()).isEqualTo(2);
  }

  @Test
  void changes_that_do_not_fit_the_rules_there_are_change_nothing() {
    store.put(ACME, rules(1, always(1)));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    groupCommit.rulesChanged(new RulesChanged(ACME, 9));
    submit(ACME, update(null, "c1", 2));
    groupCommit.takeRulesWanted();
    groupCommit.loaded(ACME, new Loaded.Changed(new RuleSetChanges(7, 9, Set.of(), List.of())));

    assertThat(groupCommit.takeRulesWanted())
        .containsExactly(new RulesWanted(ACME, OptionalLong.of(1), false));
  }

  /** They may be a hundred thousand, and the entity may change all the time. */
  @Test
  void rules_are_not_read_again_for_a_state_that_changed_since_it_was_read() {
    store.put(ACME, rules(1));
    Judged ofAnotherNode =
        new Judged(
            ACME,
            new EventId(new UUID(9, 9)),
            update(null, "c1", 9),
            null,
            null,
            List.of(),
            List.of(),
            List.of());
    ledger.next(commit -> {
      store.commit(List.of(ofAnotherNode), Map.of(ACME, 1L), Set.of());
      commit.run();
    });
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));

    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 1, false));
    runOnce(groupCommit);
    assertThat(answer.getFirst()).isInstanceOf(Stored.class);
    assertThat(store.loads()).isEqualTo(1);
  }

  @Test
  void a_hint_of_a_change_saves_the_stale_round() {
    store.put(ACME, rules(1, always(1)));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    store.put(ACME, rules(2));

    groupCommit.rulesChanged(new RulesChanged(ACME, 2));
    submit(ACME, update(null, "c1", 2));

    assertThat(runOnce(groupCommit).putBack()).isZero();
  }

  @Test
  void a_repeated_key_is_answered_with_the_first_event_and_its_notifications() {
    store.put(ACME, rules(1, always(1)));
    List<Settlement> first = submit(ACME, update("k", "c1", 1));
    runOnce(groupCommit);

    List<Settlement> second = submit(ACME, update("k", "c1", 1));
    runOnce(groupCommit);

    Stored stored = (Stored) first.getFirst();
    assertThat(second).containsExactly(new Duplicate(stored.id(), stored.notifications()));
    assertThat(store.events()).hasSize(1);
    assertThat(handedOver).hasSize(1);
  }

  @Test
  void a_key_repeated_within_one_group_shares_the_fate_of_the_first() {
    store.put(ACME, rules(1, always(1)));
    List<Settlement> answer =
        submit(ACME, update("k", "c1", 1), update("k", "c1", 1), update("k", "c1", 1));
    runOnce(groupCommit);

    Stored stored = (Stored) answer.getFirst();
    Duplicate repetition = new Duplicate(stored.id(), stored.notifications());
    assertThat(answer).containsExactly(stored, repetition, repetition);
  }

  @Test
  void the_same_key_of_another_organization_is_another_key() {
    store.put(ACME, rules(1));
    store.put(BOLT, rules(1));
    List<Settlement> acme = submit(ACME, update("k", "c1", 1));
    List<Settlement> bolt = submit(BOLT, update("k", "c1", 1));
    runOnce(groupCommit);

    assertThat(acme.getFirst()).isInstanceOf(Stored.class);
    assertThat(bolt.getFirst()).isInstanceOf(Stored.class);
  }

  @Test
  void a_missing_old_state_is_the_one_the_event_before_left_behind() {
    List<@Nullable String> seen = new ArrayList<>();
    store.put(ACME, rules(1, rule(1, recordingOld(seen))));
    submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);

    submit(ACME, update(null, "c1", 2), update(null, "c2", 7), update(null, "c1", 3));
    runOnce(groupCommit);

    assertThat(seen)
        .containsExactly(
            null, "{\"id\":\"c1\",\"amountSpent\":1}", null, "{\"id\":\"c1\",\"amountSpent\":2}");
  }

  @Test
  void a_stored_state_younger_than_the_event_is_not_its_old_state() {
    List<@Nullable String> seen = new ArrayList<>();
    store.put(ACME, rules(1, rule(1, recordingOld(seen))));
    submit(ACME, update(null, "c1", 2, NOW));
    runOnce(groupCommit);
    submit(ACME, update(null, "c1", 1, NOW.minusSeconds(60)), update(null, "c1", 3, NOW));
    runOnce(groupCommit);

    assertThat(seen).containsExactly(null, null, "{\"id\":\"c1\",\"amountSpent\":2}");
  }

  /** The second event took its old state from the first, which turns out to be a repetition. */
  @Test
  void an_old_state_from_an_event_that_is_not_stored_is_filled_in_again() {
    List<@Nullable String> seen = new ArrayList<>();
    store.put(ACME, rules(1, rule(1, recordingOld(seen))));
    submit(ACME, update("k", "c1", 1), update(null, "c1", 2));
    runOnce(groupCommit);
    seen.clear();

    List<Settlement> answer = submit(ACME, update("k", "c1", 1), update(null, "c1", 3));
    runOnce(groupCommit);
    runOnce(groupCommit);

    assertThat(answer.get(0)).isInstanceOf(Duplicate.class);
    assertThat(answer.get(1)).isInstanceOf(Stored.class);
    assertThat(seen.getLast()).isEqualTo("{\"id\":\"c1\",\"amountSpent\":2}");
  }

  @Test
  void a_commit_whose_outcome_is_lost_stores_its_events_once() {
    store.put(ACME, rules(1, always(1)));
    ledger.next(commit -> {
      commit.run();
      throw new LedgerException.Unavailable("connection lost", new RuntimeException());
    });
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));

    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 1, true));
    runOnce(groupCommit);

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_1"));
    assertThat(store.events()).hasSize(1);
  }

  @Test
  void a_commit_that_never_happened_is_made_up_for() {
    store.put(ACME, rules(1));
    ledger.next(commit -> {
      throw new LedgerException.Unavailable("connection refused", new RuntimeException());
    });
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);
    runOnce(groupCommit);

    assertThat(answer.getFirst()).isInstanceOf(Stored.class);
  }

  @Test
  void a_store_that_is_lost_before_events_were_judged_keeps_them_waiting() {
    store.put(ACME, rules(1));
    store.loseNextRead();
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));

    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 1, true));
    assertThat(answer).isEmpty();
    assertThat(runOnce(groupCommit)).isEqualTo(new GroupCommit.Round(1, 0, false));
    assertThat(answer.getFirst()).isInstanceOf(Stored.class);
  }

  @Test
  void what_arrives_without_a_time_follows_what_is_stored_even_when_the_clock_is_set_back() {
    List<@Nullable String> seen = new ArrayList<>();
    store.put(ACME, rules(1, rule(1, recordingOld(seen))));
    submit(ACME, Samples.arrival("c1", 1, NOW.plusSeconds(5)));
    runOnce(groupCommit);
    submit(ACME, Samples.arrival("c1", 2, NOW), Samples.arrival("c1", 3, NOW.plusMillis(1)));
    runOnce(groupCommit);

    assertThat(seen)
        .containsExactly(
            null, "{\"id\":\"c1\",\"amountSpent\":1}", "{\"id\":\"c1\",\"amountSpent\":2}");
    assertThat(store.events())
        .extracting(judged -> judged.event().time())
        .containsOnly(NOW.plusSeconds(5));
  }

  @Test
  void an_event_that_cannot_be_stored_does_not_take_others_with_it() {
    store.put(ACME, rules(1));
    store.put(BOLT, rules(1));
    ledger.refuse("c13");
    List<Settlement> acme = submit(ACME, update(null, "c12", 1), update(null, "c13", 1));
    List<Settlement> bolt = submit(BOLT, update(null, "c1", 1), update(null, "c2", 1));
    runOnce(groupCommit);

    assertThat(acme.get(0)).isInstanceOf(Stored.class);
    assertThat(acme.get(1)).isInstanceOf(Unsettled.class);
    assertThat(bolt).allMatch(Stored.class::isInstance);
  }

  /** What a group met is done by then, and a group in pieces costs a flush for each. */
  @Test
  void a_group_that_met_another_commit_is_tried_again_as_a_whole() {
    store.put(ACME, rules(1));
    ledger.next(GroupCommitTest::meetAnotherCommit);
    List<Settlement> answer = submit(ACME, updates(8));

    assertThat(runOnce(groupCommit).putBack()).isZero();
    assertThat(answer).hasSize(8).allMatch(Stored.class::isInstance);
    assertThat(ledger.sizes).containsExactly(8, 8);
  }

  @Test
  void a_group_that_meets_another_commit_again_is_tried_in_halves() {
    store.put(ACME, rules(1));
    ledger.next(GroupCommitTest::meetAnotherCommit);
    ledger.next(GroupCommitTest::meetAnotherCommit);
    List<Settlement> answer = submit(ACME, updates(8));

    assertThat(runOnce(groupCommit).putBack()).isZero();
    assertThat(answer).hasSize(8).allMatch(Stored.class::isInstance);
    assertThat(ledger.sizes).containsExactly(8, 8, 4, 4);
  }

  @Test
  void an_event_that_keeps_meeting_other_commits_waits_for_the_next_round() {
    store.put(ACME, rules(1));
    ledger.next(GroupCommitTest::meetAnotherCommit);
    ledger.next(GroupCommitTest::meetAnotherCommit);
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    assertThat(runOnce(groupCommit).putBack()).isEqualTo(1);
    runOnce(groupCommit);

    assertThat(answer.getFirst()).isInstanceOf(Stored.class);
  }

  private static void meetAnotherCommit(Runnable commit) {
    throw new LedgerException.Conflict("deadlock", new RuntimeException());
  }

  @Test
  void a_rule_that_fails_to_compute_stops_neither_the_event_nor_other_rules() {
    Calculation failing = calculation(change -> new Outcome.Failed("too large"));
    store.put(ACME, rules(1, rule(1, failing), always(2)));
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);

    assertThat(firedCodes(answer)).containsExactly(List.of("rule_2"));
  }

  @Test
  void what_nobody_waits_for_any_more_is_not_stored() {
    store.put(ACME, rules(1));
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    now = NOW.plusSeconds(60);
    runOnce(groupCommit);

    assertThat(answer.getFirst()).isInstanceOf(Unsettled.class);
    assertThat(store.events()).isEmpty();
  }

  @Test
  void events_of_an_organization_that_is_gone_are_not_stored() {
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));
    runOnce(groupCommit);

    assertThat(answer.getFirst()).isInstanceOf(Unsettled.class);
    assertThat(groupCommit.isIdle()).isTrue();
  }

  @Test
  void an_organization_with_a_long_queue_delays_another_by_one_commit_at_most() {
    store.put(ACME, rules(1));
    store.put(BOLT, rules(1));
    GroupCommit small = groupCommit(10);
    small.submit(accepted(ACME, updates(95)), settled -> {});
    List<Settlement> bolt = new ArrayList<>();
    small.submit(accepted(BOLT, updates(5)), settled -> bolt.addAll(settled.settlements()));

    runOnce(small);

    assertThat(bolt).hasSize(5);
    assertThat(store.events()).hasSize(10);
  }

  @Test
  void events_of_one_organization_keep_their_order() {
    store.put(ACME, rules(1));
    GroupCommit small = groupCommit(7);
    small.submit(accepted(ACME, updates(30)), settled -> {});
    do {
      runOnce(small);
    } while (!small.isIdle());

    assertThat(store.events())
        .extracting(judged -> entity(judged.event()))
        .containsExactlyElementsOf(
            Arrays.stream(updates(30)).map(GroupCommitTest::entity).toList());
  }

  @Test
  void a_group_is_committed_beside_another_when_enough_waits() {
    store.put(ACME, rules(1, always(1)));
    List<Settlement> beside = new ArrayList<>();
    ledger.next(commit -> {
      beside.addAll(submitAndRun(updates(3)));
      assertThat(beside).hasSize(3).allMatch(Stored.class::isInstance);
      commit.run();
    });
    List<Settlement> first = submit(ACME, update(null, "first", 1));
    run();

    assertThat(first.getFirst()).isInstanceOf(Stored.class);
    assertThat(ledger.sizes).containsExactly(1, 3);
    assertThat(handedOver).hasSize(4);
  }

  @Test
  void a_few_events_join_the_next_group_rather_than_be_one() {
    store.put(ACME, rules(1));
    ledger.next(commit -> {
      submit(ACME, updates(2));
      assertThat(groupCommit.begin()).isFalse();
      commit.run();
    });
    submit(ACME, update(null, "first", 1));
    run();

    assertThat(ledger.sizes).containsExactly(1, 2);
  }

  @Test
  void no_more_commits_are_under_way_than_are_allowed() {
    store.put(ACME, rules(1));
    ledger.next(commit -> {
      ledger.next(another -> {
        submit(ACME, update(null, "d1", 1), update(null, "d2", 1), update(null, "d3", 1));
        assertThat(groupCommit.begin()).isFalse();
        another.run();
      });
      submitAndRun(updates(3));
      commit.run();
    });
    submit(ACME, update(null, "first", 1));
    run();

    assertThat(store.events()).hasSize(7);
  }

  @Test
  void an_event_does_not_overtake_one_of_its_entity_that_is_being_committed() {
    List<@Nullable String> seen = new ArrayList<>();
    store.put(ACME, rules(1, rule(1, recordingOld(seen))));
    ledger.next(commit -> {
      submit(ACME, update(null, "c1", 2), update(null, "c2", 1), update(null, "c3", 1));
      assertThat(groupCommit.begin()).isFalse();
      commit.run();
    });
    List<Settlement> first = submit(ACME, update(null, "c1", 1));
    run();

    assertThat(first.getFirst()).isInstanceOf(Stored.class);
    assertThat(seen).containsExactly(null, "{\"id\":\"c1\",\"amountSpent\":1}", null, null);
    assertThat(ledger.sizes).containsExactly(1, 3);
  }

  @Test
  void the_rest_of_a_queue_does_not_overtake_its_beginning() {
    store.put(ACME, rules(1));
    GroupCommit small = groupCommit(1);
    IncomingEvent[] history = new IncomingEvent[5];
    Arrays.setAll(history, i -> update(null, "c1", i));
    ledger.next(commit -> {
      assertThat(small.begin()).isTrue();
      small.run(organization -> {});
      assertThat(ledger.sizes).hasSize(1);
      commit.run();
    });
    small.submit(accepted(ACME, history), settled -> {});
    small.takeRulesWanted().forEach(wanted -> small.loaded(ACME, load(wanted)));
    assertThat(small.begin()).isTrue();
    small.run(organization -> {});

    assertThat(store.events()).extracting(Judged::event).containsExactly(history);
  }

  @Test
  void a_repetition_waits_for_the_commit_of_what_it_repeats() {
    store.put(ACME, rules(1));
    List<Settlement> repeated = new ArrayList<>();
    ledger.next(commit -> {
      groupCommit.submit(
          accepted(ACME, update("k", "c2", 1), update(null, "c3", 1), update(null, "c4", 1)),
          settled -> repeated.addAll(settled.settlements()));
      assertThat(groupCommit.begin()).isFalse();
      commit.run();
    });
    List<Settlement> first = submit(ACME, update("k", "c1", 1));
    run();

    Stored stored = (Stored) first.getFirst();
    assertThat(repeated.getFirst()).isEqualTo(new Duplicate(stored.id(), stored.notifications()));
  }

  @Test
  void events_held_up_by_a_commit_that_failed_follow_those_put_back() {
    store.put(ACME, rules(1));
    IncomingEvent[] history = new IncomingEvent[4];
    Arrays.setAll(history, i -> update(null, "c1", i));
    ledger.next(commit -> {
      submit(ACME, Arrays.copyOfRange(history, 1, 4));
      throw new LedgerException.Unavailable("connection lost", new RuntimeException());
    });
    submit(ACME, history[0]);
    run();
    run();

    assertThat(store.events()).extracting(Judged::event).containsExactly(history);
  }

  /** The group was judged by the rules before them. */
  @Test
  void a_group_that_turns_out_stale_does_not_make_younger_rules_forgotten() {
    store.put(ACME, rules(1));
    ledger.next(commit -> {
      store.put(ACME, rules(2));
      groupCommit.rulesChanged(new RulesChanged(ACME, 2));
      submitAndRun(updates(3));
      commit.run();
    });
    submit(ACME, update(null, "first", 1));
    run();

    assertThat(store.events()).hasSize(4);
    assertThat(store.loads()).isEqualTo(2);
  }

  @Test
  void a_server_that_stops_leaves_nobody_waiting() {
    List<Settlement> answer = submit(ACME, update(null, "c1", 1));

    assertThat(groupCommit.abandon()).isEqualTo(1);
    assertThat(answer.getFirst()).isInstanceOf(Unsettled.class);
    assertThat(groupCommit.isIdle()).isTrue();
  }

  private GroupCommit groupCommit(int commitEventsMax) {
    return GroupCommit.over(
        new EvaluateSettings(commitEventsMax, 1 << 20, 2, 3, 100, 100, 10, Duration.ofMillis(1)),
        store,
        ledger,
        handedOver::addAll,
        Samples.ids(),
        () -> now,
        meters);
  }

  /** A whole run, as the verticle does it when loads are quick. */
  private void run() {
    groupCommit.takeRulesWanted().forEach(this::loadNow);
    assertThat(groupCommit.begin()).isTrue();
    groupCommit.run(this::loadNow);
  }

  private void loadNow(RulesWanted wanted) {
    groupCommit.loaded(wanted.organization(), load(wanted));
  }

  /** What a run beside the one under way does. */
  private List<Settlement> submitAndRun(IncomingEvent... events) {
    List<Settlement> answer = submit(ACME, events);
    groupCommit.takeRulesWanted().forEach(this::loadNow);
    assertThat(groupCommit.begin()).isTrue();
    groupCommit.run(this::loadNow);
    return answer;
  }

  /** A round, once the rules it wants are there: as the verticle does it when loads are quick. */
  private GroupCommit.Round runOnce(GroupCommit loop) {
    loop.takeRulesWanted().forEach(wanted -> loop.loaded(wanted.organization(), load(wanted)));
    return loop.runOnce();
  }

  private Loaded load(RulesWanted wanted) {
    return wanted.since().isPresent()
        ? store
            .changesSince(wanted.organization(), wanted.since().getAsLong())
            .<Loaded>map(Loaded.Changed::new)
            .orElseGet(() -> load(wanted.organization()))
        : load(wanted.organization());
  }

  private Loaded load(OrganizationId organization) {
    RuleSet rules = store.load(Set.of(organization)).get(organization);
    return rules == null ? new Loaded.Missing() : new Loaded.Found(rules);
  }

  private List<Settlement> submit(OrganizationId organization, IncomingEvent... events) {
    List<Settlement> answer = new ArrayList<>();
    groupCommit.submit(
        accepted(organization, events), settled -> answer.addAll(settled.settlements()));
    return answer;
  }

  private static EventsAccepted accepted(OrganizationId organization, IncomingEvent... events) {
    return new EventsAccepted(organization, List.of(events), NOW.plusSeconds(20));
  }

  private static IncomingEvent[] updates(int count) {
    IncomingEvent[] updates = new IncomingEvent[count];
    Arrays.setAll(updates, i -> update(null, "c" + i, i));
    return updates;
  }

  private static List<List<String>> firedCodes(List<Settlement> settlements) {
    return settlements.stream()
        .map(settlement -> ((Stored) settlement).notifications().stream().map(Fired::code).toList())
        .toList();
  }

  private static String entity(IncomingEvent event) {
    return Objects.requireNonNull(event.entity()).id();
  }

  private static Calculation recordingOld(List<@Nullable String> seen) {
    return calculation(change -> {
      seen.add(change.before() == null ? null : change.before().json());
      return Outcome.of(false);
    });
  }

  private static Calculation calculation(Function<Change, Outcome> meaning) {
    return new Calculation() {
      @Override
      public Outcome evaluate(Change change) {
        return meaning.apply(change);
      }

      @Override
      public String text() {
        return "for a test";
      }
    };
  }

  /** The store, with faults to come between it and the caller. */
  private final class Interposed implements Ledger {
    private final Queue<Consumer<Runnable>> faults = new ArrayDeque<>();
    private final List<Integer> sizes = new ArrayList<>();
    private @Nullable String refused;

    void next(Consumer<Runnable> fault) {
      faults.add(fault);
    }

    void refuse(String entity) {
      refused = entity;
    }

    @Override
    public Committed commit(
        List<Judged> events, Map<OrganizationId, Long> versions, Set<OrganizationId> held) {
      sizes.add(events.size());
      if (events.stream().anyMatch(judged -> entity(judged.event()).equals(refused))) {
        throw new LedgerException.Refused("bad text", new RuntimeException());
      }
      List<Committed> done = new ArrayList<>();
      Consumer<Runnable> fault = faults.poll();
      Runnable commit = () -> done.add(store.commit(events, versions, held));
      if (fault == null) {
        commit.run();
      } else {
        fault.accept(commit);
      }
      return done.getFirst();
    }

    @Override
    public Map<IdempotencyKey, EventId> firsts(
        OrganizationId organization, Collection<IdempotencyKey> keys) {
      return store.firsts(organization, keys);
    }

    @Override
    public Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> ids) {
      return store.names(organization, ids);
    }

    @Override
    public Collection<EventId> stored(OrganizationId organization, Collection<EventId> ids) {
      return store.stored(organization, ids);
    }

    @Override
    public Map<EventId, List<Fired>> notifications(
        OrganizationId organization, Collection<EventId> ids) {
      return store.notifications(organization, ids);
    }
  }
}
