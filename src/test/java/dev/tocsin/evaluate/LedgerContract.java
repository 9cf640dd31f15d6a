package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.NOW;
import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.arrival;
import static dev.tocsin.evaluate.Samples.organization;
import static dev.tocsin.evaluate.Samples.switchedOff;
import static dev.tocsin.evaluate.Samples.update;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.evaluate.Judged.Assumption;
import dev.tocsin.evaluate.Verdict.Duplicate;
import dev.tocsin.evaluate.Verdict.StaleRules;
import dev.tocsin.evaluate.Verdict.StaleState;
import dev.tocsin.evaluate.Verdict.Stored;
import dev.tocsin.event.Change;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.flow.Settlement.Fired;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What evaluate relies on in a ledger and the stores beside it, whichever they are. */
public abstract class LedgerContract {
  private static final OrganizationId ACME = organization(1);
  private static final OrganizationId BOLT = organization(2);
  private static final EntityKey C1 = new EntityKey(ACME, new EntityRef("Commitment", "c1"));
  private static final Assumption NOTHING_YET = new Assumption(null);

  private final Ids ids = Samples.ids();
  private final Evaluator evaluator = new Evaluator(ids, () -> NOW, new SimpleMeterRegistry());

  protected abstract Ledger ledger();

  protected abstract EntityStates states();

  /** Makes an organization with rule set version 1. */
  protected abstract void create(OrganizationId organization);

  /** Changes an organization's rules, so that the version grows by one. */
  protected abstract void changeRules(OrganizationId organization);

  @BeforeEach
  void createOrganizations() {
    create(ACME);
    create(BOLT);
  }

  @Test
  void events_with_current_rules_are_stored_with_what_they_set_off() {
    Judged judged = judged(ACME, update("k", "c1", 1), null, always(1), always(2));

    assertThat(commit(judged)).containsExactly(new Stored());
    assertThat(ledger().stored(ACME, Set.of(judged.id()))).containsExactly(judged.id());
    assertThat(ledger().notifications(ACME, Set.of(judged.id())))
        .containsExactly(
            Map.entry(
                judged.id(),
                judged.firings().stream()
                    .map(firing ->
                        new Fired(firing.notification(), firing.rule().id(), firing.rule().code()))
                    .toList()));
  }

  @Test
  void an_event_is_found_by_its_key_and_its_name_by_its_id_in_its_organization_only() {
    IncomingEvent event = update("k", "c1", 1);
    IdempotencyKey key = Objects.requireNonNull(event.key());
    Judged judged = judged(ACME, event, null);
    commit(judged, judged(BOLT, update(null, "c1", 1), null));
    IdempotencyKey unused = IdempotencyKey.ofSender("unused");

    assertThat(ledger().firsts(ACME, Set.of(key, unused)))
        .containsExactly(Map.entry(key, judged.id()));
    assertThat(ledger().firsts(BOLT, Set.of(key))).isEmpty();
    assertThat(ledger().names(ACME, Set.of(judged.id(), new EventId(ids.next()))))
        .containsExactly(Map.entry(judged.id(), event.name()));
    assertThat(ledger().names(BOLT, Set.of(judged.id()))).isEmpty();
  }

  /** Later, and this node would go on with what another may already have taken over. */
  @Test
  void a_lease_ends_no_later_than_if_it_had_begun_before_the_commit() {
    Judged judged = judged(ACME, update("k", "c1", 1), null, always(1));

    assertThat(ledger().commit(List.of(judged), Map.of(ACME, 1L), Set.of()).leaseEnd())
        .isEqualTo(NOW.plus(Samples.LEASE));
  }

  @Test
  void nothing_of_another_organization_is_found() {
    Judged judged = judged(ACME, update("k", "c1", 1), null, always(1));
    commit(judged);

    assertThat(ledger().stored(BOLT, Set.of(judged.id()))).isEmpty();
    assertThat(ledger().notifications(BOLT, Set.of(judged.id()))).isEmpty();
  }

  @Test
  void a_used_key_is_answered_with_the_event_that_used_it() {
    Judged first = judged(ACME, update("k", "c1", 1), null);
    commit(first);

    assertThat(
            commit(
                judged(ACME, update("k", "c1", 1), null),
                judged(BOLT, update("k", "c1", 1), null),
                judged(ACME, update("other", "c1", 1), null)))
        .containsExactly(new Duplicate(first.id()), new Stored(), new Stored());
  }

  @Test
  void events_judged_by_old_rules_leave_no_trace_and_others_are_stored() {
    changeRules(ACME);
    Judged acme = judged(ACME, update("k", "c1", 1), NOTHING_YET, always(1));
    Judged bolt = judged(BOLT, update("k", "c1", 1), null, always(1));

    assertThat(commit(acme, bolt)).containsExactly(new StaleRules(), new Stored());
    assertThat(ledger().stored(ACME, Set.of(acme.id()))).isEmpty();
    assertThat(ledger().notifications(ACME, Set.of(acme.id()))).isEmpty();
    assertThat(states().read(Set.of(C1))).isEmpty();
    assertThat(ledger().commit(List.of(acme), Map.of(ACME, 2L), Set.of()).verdicts())
        .containsExactly(new Stored());
  }

  @Test
  void an_event_of_which_nobody_says_by_which_rules_it_was_judged_is_not_stored() {
    Judged acme = judged(ACME, update("k", "c1", 1), null, always(1));
    Judged bolt = judged(BOLT, update("k", "c1", 1), null, always(1));

    assertThat(ledger().commit(List.of(acme, bolt), Map.of(BOLT, 1L), Set.of()).verdicts())
        .containsExactly(new StaleRules(), new Stored());
    assertThat(ledger().stored(ACME, Set.of(acme.id()))).isEmpty();
  }

  @Test
  void an_update_that_is_only_tried_finds_the_last_known_state_unless_that_is_younger() {
    LastKnown lastKnown = new LastKnown(states());
    IncomingEvent stored = update(null, "c1", 1);
    commit(judged(ACME, stored, NOTHING_YET));

    Change now = lastKnown.of(ACME, update(null, "c1", 2)).change();
    Change earlier = lastKnown.of(ACME, update(null, "c1", 2, NOW.minusSeconds(1))).change();
    Change arrived = lastKnown.of(ACME, arrival("c1", 2, NOW.minusSeconds(1))).change();

    assertThat(fields(now.before())).isEqualTo(fields(stored.after()));
    assertThat(earlier.before()).isNull();
    assertThat(fields(arrived.before())).isEqualTo(fields(stored.after()));
    assertThat(arrived.time()).isEqualTo(NOW);
    assertThat(lastKnown.of(BOLT, update(null, "c1", 2)).change().before()).isNull();
    assertThat(lastKnown.of(ACME, update(null, "c2", 2)).change().before()).isNull();
  }

  private static @Nullable Map<String, @Nullable Object> fields(@Nullable Payload payload) {
    return payload == null ? null : payload.fields();
  }

  @Test
  void rules_are_blamed_before_the_state_of_an_entity() {
    commit(judged(ACME, update(null, "c1", 1), NOTHING_YET));
    changeRules(ACME);

    assertThat(commit(judged(ACME, update(null, "c1", 2), NOTHING_YET)))
        .containsExactly(new StaleRules());
  }

  @Test
  void a_repetition_is_recognised_even_by_old_rules() {
    Judged first = judged(ACME, update("k", "c1", 1), null);
    commit(first);
    changeRules(ACME);

    assertThat(commit(judged(ACME, update("k", "c1", 1), null)))
        .containsExactly(new Duplicate(first.id()));
  }

  @Test
  void the_state_of_an_entity_follows_the_time_of_its_events() {
    Judged later = judged(ACME, update(null, "c1", 2, NOW.plusSeconds(2)), null);
    Judged earlier = judged(ACME, update(null, "c1", 1, NOW), null);
    commit(later, earlier);
    assertThat(state(C1).writer()).isEqualTo(later.id());

    commit(judged(ACME, update(null, "c1", 0, NOW), null));
    assertThat(state(C1))
        .isEqualTo(
            new EntityState(
                later.id(),
                NOW.plusSeconds(2),
                Samples.payload("{\"id\":\"c1\",\"amountSpent\":2}")));

    Judged sameTime = judged(ACME, update(null, "c1", 3, NOW.plusSeconds(2)), null);
    commit(sameTime);
    assertThat(state(C1).writer()).isEqualTo(sameTime.id());
  }

  @Test
  void an_assumption_that_holds_is_stored_and_one_that_does_not_is_stale() {
    Judged first = judged(ACME, update(null, "c1", 1), NOTHING_YET);
    assertThat(commit(first)).containsExactly(new Stored());

    assertThat(commit(judged(ACME, update(null, "c1", 2), NOTHING_YET)))
        .containsExactly(new StaleState());
    Judged second = judged(ACME, update(null, "c1", 2), new Assumption(first.id()));
    assertThat(commit(second)).containsExactly(new Stored());
    assertThat(commit(judged(ACME, update(null, "c1", 3), new Assumption(first.id()))))
        .containsExactly(new StaleState());
    assertThat(state(C1).writer()).isEqualTo(second.id());
  }

  @Test
  void a_chain_of_one_commit_assumes_what_the_commit_began_with() {
    Judged first = judged(ACME, update(null, "c1", 1), NOTHING_YET);
    Judged second = judged(ACME, update(null, "c1", 2), NOTHING_YET);
    Judged other = judged(ACME, update(null, "c2", 2), NOTHING_YET);

    assertThat(commit(first, second, other))
        .containsExactly(new Stored(), new Stored(), new Stored());
    assertThat(state(C1).writer()).isEqualTo(second.id());
  }

  @Test
  void what_follows_an_unstored_event_of_its_chain_is_stale() {
    Judged repeated = judged(ACME, update("k", "c1", 1), NOTHING_YET);
    commit(repeated);
    Assumption assumption = new Assumption(repeated.id());

    assertThat(
            commit(
                judged(ACME, update("k", "c1", 1), null),
                judged(ACME, update(null, "c1", 2), assumption),
                judged(ACME, update(null, "c1", 3), assumption),
                judged(ACME, update(null, "c2", 3), NOTHING_YET)))
        .containsExactly(
            new Duplicate(repeated.id()), new StaleState(), new StaleState(), new Stored());
  }

  @Test
  void an_event_that_brought_its_old_state_is_stored_in_a_broken_chain() {
    commit(judged(ACME, update(null, "c1", 1), NOTHING_YET));

    assertThat(
            commit(
                judged(ACME, update(null, "c1", 5), NOTHING_YET),
                judged(ACME, update(null, "c1", 6), null)))
        .containsExactly(new StaleState(), new Stored());
  }

  @Test
  void a_large_commit_is_stored_whole() {
    Judged[] group = new Judged[1000];
    for (int i = 0; i < group.length; i++) {
      group[i] =
          judged(
              i % 2 == 0 ? ACME : BOLT,
              update("k" + i, "c" + i, i),
              i % 3 == 0 ? NOTHING_YET : null,
              always(1));
    }
    assertThat(commit(group)).hasSize(1000).allMatch(Stored.class::isInstance);
  }

  @Test
  void what_goes_nowhere_for_now_is_stored_beside_what_is_delivered() {
    Judged judged = judged(ACME, update("k", "c1", 1), null, switchedOff(1), always(2));

    assertThat(commit(judged)).containsExactly(new Stored());
    assertThat(ledger().notifications(ACME, Set.of(judged.id())).get(judged.id()))
        .extracting(Fired::code)
        .containsExactly("rule_1", "rule_2");
  }

  private List<Verdict> commit(Judged... group) {
    return ledger().commit(List.of(group), Map.of(ACME, 1L, BOLT, 1L), Set.of()).verdicts();
  }

  private EntityState state(EntityKey entity) {
    EntityState state = states().read(Set.of(entity)).get(entity);
    assertThat(state).isNotNull();
    return state;
  }

  protected final Judged judged(
      OrganizationId organization,
      IncomingEvent event,
      @Nullable Assumption assumption,
      Rule... rules) {
    return evaluator.judge(
        organization, new EventId(ids.next()), event, null, assumption, Samples.rules(1, rules));
  }
}
