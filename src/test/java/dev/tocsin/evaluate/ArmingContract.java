package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.NOW;
import static dev.tocsin.evaluate.Samples.organization;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.Judged.Assumption;
import dev.tocsin.evaluate.Ledger.Skipped;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Transition;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a commit does to the appointments of scheduled events, in any ledger. */
public abstract class ArmingContract {
  private static final OrganizationId ACME = organization(1);
  private static final OrganizationId BOLT = organization(2);
  private static final EntityRef BILL = new EntityRef("Bill", "b1");

  private final Ids ids = Samples.ids();
  private final Evaluator evaluator = new Evaluator(ids, () -> NOW, new SimpleMeterRegistry());
  private final ScheduledDate atEnd = date(1, 1, "endDate", 0);
  private final ScheduledDate twoDaysBefore = date(2, 1, "endDate", -2);

  protected abstract Ledger ledger();

  /** Makes an organization with rule set version 1. */
  protected abstract void create(OrganizationId organization);

  /** Moves the clock that the ledger goes by; it begins with {@link Samples#NOW}. */
  protected abstract void now(Instant moment);

  /** Ends every appointment that is due, as fired. */
  protected abstract void fireDue();

  /** Configuration, due time, arming, date and outcome of each, in this order. */
  protected abstract List<String> appointments(OrganizationId organization, EntityRef entity);

  @BeforeEach
  void createOrganizations() {
    create(ACME);
    create(BOLT);
  }

  @Test
  void a_state_makes_an_appointment_for_each_configuration_of_its_entity() {
    commit(
        judged(ACME, bill("2026-12-24"), atEnd, twoDaysBefore, date(3, 1, "issueDate", 0)),
        judged(BOLT, bill("2027-01-01T12:00:00Z"), atEnd));

    assertThat(appointments(ACME, BILL))
        .containsExactly(
            "1 2026-12-23T23:00:00Z 1 2026-12-24", "2 2026-12-21T23:00:00Z 1 2026-12-24");
    assertThat(appointments(BOLT, BILL))
        .containsExactly("1 2027-01-01T12:00:00Z 1 2027-01-01T12:00:00Z");
  }

  @Test
  void another_date_moves_an_appointment_and_none_removes_it() {
    commit(judged(ACME, bill("2026-12-24"), atEnd, twoDaysBefore));
    commit(judged(ACME, bill("2026-12-27"), atEnd, twoDaysBefore));
    assertThat(appointments(ACME, BILL))
        .containsExactly(
            "1 2026-12-26T23:00:00Z 1 2026-12-27", "2 2026-12-24T23:00:00Z 1 2026-12-27");

    commit(judged(ACME, bill(null), atEnd, twoDaysBefore));
    assertThat(appointments(ACME, BILL)).isEmpty();
  }

  @Test
  void nothing_of_another_entity_configuration_or_organization_is_touched() {
    IncomingEvent other = event("b2", Transition.UPDATED, null, NOW, "2026-12-24");
    commit(
        judged(ACME, bill("2026-12-24"), atEnd, twoDaysBefore),
        judged(ACME, other, atEnd),
        judged(BOLT, bill("2026-12-24"), atEnd));
    commit(judged(ACME, bill(null), atEnd));

    assertThat(appointments(ACME, BILL)).containsExactly("2 2026-12-21T23:00:00Z 1 2026-12-24");
    assertThat(appointments(ACME, new EntityRef("Bill", "b2"))).hasSize(1);
    assertThat(appointments(BOLT, BILL)).hasSize(1);
  }

  @Test
  void an_entity_that_is_gone_keeps_no_appointment_not_even_one_that_is_due() {
    commit(judged(ACME, bill("2026-11-23T07:00:00Z"), atEnd, twoDaysBefore));
    commit(judged(ACME, event("b1", Transition.DELETED, null, NOW, null), atEnd, twoDaysBefore));

    assertThat(appointments(ACME, BILL)).isEmpty();
  }

  @Test
  void what_is_due_and_was_not_fired_stays_when_the_date_moves() {
    commit(judged(ACME, bill("2026-11-23T08:00:01Z"), atEnd));
    now(NOW.plusSeconds(1));
    commit(judged(ACME, bill("2026-12-24"), atEnd));

    assertThat(appointments(ACME, BILL))
        .containsExactly(
            "1 2026-11-23T08:00:01Z 1 2026-11-23T08:00:01Z", "1 2026-12-23T23:00:00Z 1 2026-12-24");
  }

  @Test
  void what_has_fired_is_known_while_the_date_stays_and_forgotten_when_it_moves() {
    commit(judged(ACME, bill("2026-11-23T08:00:01Z"), atEnd));
    now(NOW.plusSeconds(1));
    fireDue();
    commit(judged(ACME, bill("2026-11-23T08:00:01Z"), atEnd));
    assertThat(appointments(ACME, BILL))
        .containsExactly("1 2026-11-23T08:00:01Z 1 2026-11-23T08:00:01Z FIRED");

    commit(judged(ACME, bill("2026-12-24"), atEnd));
    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-23T23:00:00Z 1 2026-12-24");
  }

  @Test
  void a_late_state_fires_at_once_and_one_beyond_the_window_is_skipped_once() {
    String onTime = NOW.minus(Samples.LATE_WINDOW).toString();
    String late = NOW.minus(Samples.LATE_WINDOW).minusMillis(1).toString();
    assertThat(commit(judged(ACME, bill(onTime), atEnd)).skipped()).isEmpty();
    assertThat(appointments(ACME, BILL)).containsExactly("1 " + onTime + " 1 " + onTime);

    assertThat(commit(judged(BOLT, bill(late), atEnd)).skipped())
        .containsExactly(new Skipped(BOLT, atEnd.configuration(), "b1", Instant.parse(late)));
    assertThat(commit(judged(BOLT, bill(late), atEnd)).skipped()).isEmpty();
    assertThat(appointments(BOLT, BILL)).containsExactly("1 " + late + " 1 " + late + " SKIPPED");
  }

  @Test
  void a_change_older_than_the_stored_state_arms_nothing() {
    commit(judged(ACME, bill("2026-12-24"), atEnd));
    Instant before = NOW.minusSeconds(1);
    commit(judged(ACME, event("b1", Transition.UPDATED, null, before, "2026-12-27"), atEnd));
    commit(judged(ACME, event("b1", Transition.DELETED, null, before, null), atEnd));

    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-23T23:00:00Z 1 2026-12-24");
  }

  @Test
  void of_an_entity_that_is_twice_in_a_commit_the_later_state_counts() {
    Duration later = Duration.ofSeconds(1);
    commit(
        judged(ACME, event("b1", Transition.UPDATED, null, NOW.plus(later), "2026-12-25"), atEnd),
        judged(ACME, bill("2026-12-24"), atEnd));
    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-24T23:00:00Z 1 2026-12-25");

    commit(
        judged(ACME, event("b1", Transition.UPDATED, null, NOW.plus(later), "2026-12-26"), atEnd),
        judged(ACME, event("b1", Transition.UPDATED, null, NOW.plus(later), "2026-12-27"), atEnd));
    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-26T23:00:00Z 1 2026-12-27");
  }

  @Test
  void an_event_that_is_not_stored_arms_nothing() {
    commit(judged(ACME, event("b1", Transition.UPDATED, "k", NOW, "2026-12-24"), atEnd));

    Assumption wrong = new Assumption(null);
    commit(
        judged(ACME, event("b1", Transition.UPDATED, "k", NOW, "2026-12-27"), atEnd),
        judged(ACME, wrong, bill("2026-12-28"), atEnd));
    ledger().commit(List.of(judged(ACME, bill("2026-12-29"), atEnd)), Map.of(ACME, 7L), Set.of());

    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-23T23:00:00Z 1 2026-12-24");
  }

  @Test
  void an_old_state_that_is_taken_from_the_store_changes_nothing_about_arming() {
    Judged first = judged(ACME, new Assumption(null), bill("2026-12-24"), atEnd);
    commit(first);
    commit(judged(ACME, new Assumption(first.id()), bill("2026-12-27"), atEnd));

    assertThat(appointments(ACME, BILL)).containsExactly("1 2026-12-26T23:00:00Z 1 2026-12-27");
  }

  @Test
  void an_appointment_of_an_earlier_arming_becomes_one_of_this_or_goes() {
    commit(judged(ACME, bill("2026-11-23T07:00:00Z"), atEnd, twoDaysBefore));
    ScheduledDate sameDay = date(1, 2, "endDate", 0);
    ScheduledDate oneDayBefore = date(2, 2, "endDate", -1);

    commit(judged(ACME, bill("2026-11-23T07:00:00Z"), sameDay, oneDayBefore));

    assertThat(appointments(ACME, BILL))
        .containsExactly(
            "1 2026-11-23T07:00:00Z 2 2026-11-23T07:00:00Z",
            "2 2026-11-22T07:00:00Z 2 2026-11-23T07:00:00Z SKIPPED");
  }

  /** A configuration that is about another entity now has appointments of both for a while. */
  @Test
  void an_appointment_of_another_entity_with_the_same_id_is_taken_over() {
    commit(judged(ACME, bill("2026-12-24"), atEnd));
    EntityRef plan = new EntityRef("Plan", BILL.id());
    ScheduledDate ofPlans = new ScheduledDate(atEnd.configuration(), 2, "Plan", "endDate", 0);

    IncomingEvent born = event(plan, Transition.CREATED, null, NOW, "2026-12-24");
    commit(judged(ACME, new Assumption(null), born, ofPlans));
    assertThat(appointments(ACME, plan)).containsExactly("1 2026-12-23T23:00:00Z 2 2026-12-24");

    commit(judged(ACME, event(plan, Transition.UPDATED, null, NOW, "2026-12-27"), ofPlans));
    assertThat(appointments(ACME, plan)).containsExactly("1 2026-12-26T23:00:00Z 2 2026-12-27");
  }

  @Test
  void what_another_entity_left_changes_nothing_for_others_of_the_commit() {
    commit(judged(ACME, bill("2026-12-24"), atEnd));
    ScheduledDate ofPlans = new ScheduledDate(atEnd.configuration(), 2, "Plan", "endDate", 0);
    String over = NOW.minus(Samples.LATE_WINDOW).minusMillis(1).toString();

    Ledger.Committed committed =
        commit(
            judged(ACME, new Assumption(null), plan("b1", "2026-12-24"), ofPlans),
            judged(ACME, new Assumption(null), plan("p2", "2026-12-27"), ofPlans),
            judged(ACME, new Assumption(null), plan("p3", over), ofPlans),
            judged(ACME, bill("2026-12-24"), twoDaysBefore));

    assertThat(committed.verdicts()).hasSize(4).allMatch(Verdict.Stored.class::isInstance);
    assertThat(committed.skipped())
        .containsExactly(new Skipped(ACME, atEnd.configuration(), "p3", Instant.parse(over)));
    assertThat(appointments(ACME, new EntityRef("Plan", "p2")))
        .containsExactly("1 2026-12-26T23:00:00Z 2 2026-12-27");
    assertThat(appointments(ACME, new EntityRef("Plan", "p3")))
        .containsExactly("1 " + over + " 2 " + over + " SKIPPED");
    assertThat(appointments(ACME, new EntityRef("Plan", "b1")))
        .contains("1 2026-12-23T23:00:00Z 2 2026-12-24");
    assertThat(appointments(ACME, BILL)).contains("2 2026-12-21T23:00:00Z 1 2026-12-24");
  }

  @Test
  void the_same_moment_in_other_words_is_the_same_appointment() {
    commit(judged(ACME, bill("2026-12-24"), atEnd));
    commit(judged(ACME, bill("2026-12-23T23:00:00Z"), atEnd));

    assertThat(appointments(ACME, BILL))
        .containsExactly("1 2026-12-23T23:00:00Z 1 2026-12-23T23:00:00Z");
  }

  @Test
  void an_event_that_changes_no_state_arms_nothing() {
    commit(judged(ACME, event("b1", Transition.NONE, null, NOW, "2026-12-24"), atEnd));

    assertThat(appointments(ACME, BILL)).isEmpty();
  }

  private Ledger.Committed commit(Judged... events) {
    return ledger().commit(List.of(events), Map.of(ACME, 1L, BOLT, 1L), Set.of());
  }

  private Judged judged(OrganizationId organization, IncomingEvent event, ScheduledDate... dates) {
    return judged(organization, null, event, dates);
  }

  private Judged judged(
      OrganizationId organization,
      @Nullable Assumption assumption,
      IncomingEvent event,
      ScheduledDate... dates) {
    ScheduledDates scheduled = new ScheduledDates(ZoneId.of("Europe/Berlin"), List.of(dates));
    return evaluator.judge(
        organization,
        new EventId(ids.next()),
        event,
        null,
        assumption,
        new RuleSet(1, List.of(), scheduled));
  }

  private static ScheduledDate date(int number, long arming, String field, int offset) {
    return new ScheduledDate(new UUID(7, number), arming, "Bill", field, offset);
  }

  private static IncomingEvent plan(String id, String endDate) {
    return event(new EntityRef("Plan", id), Transition.CREATED, null, NOW, endDate);
  }

  private static IncomingEvent bill(@Nullable String endDate) {
    return event("b1", Transition.UPDATED, null, NOW, endDate);
  }

  private static IncomingEvent event(
      String id,
      Transition transition,
      @Nullable String key,
      Instant time,
      @Nullable String endDate) {
    return event(new EntityRef("Bill", id), transition, key, time, endDate);
  }

  private static IncomingEvent event(
      EntityRef entity,
      Transition transition,
      @Nullable String key,
      Instant time,
      @Nullable String endDate) {
    String date = endDate == null ? "null" : '"' + endDate + '"';
    return new IncomingEvent(
        key == null ? null : IdempotencyKey.ofSender(key),
        new EventName("billing.bill.updated"),
        Category.BILLING,
        time,
        IncomingEvent.Timing.SENT,
        entity,
        transition,
        "account-1",
        transition == Transition.DELETED
            ? null
            : Samples.payload("{\"id\":\"" + entity.id() + "\",\"endDate\":" + date + "}"),
        null);
  }
}
