package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.Appointments.Date;
import dev.tocsin.faults.Appointments.Dated;
import dev.tocsin.faults.Appointments.Distance;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Fired;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the judge of a campaign notices: a history in order, and everything that can be wrong. */
class ClusterAuditTest {
  private static final Instant DUE = Instant.parse("2026-11-27T10:00:00Z");
  private static final Dated BILL = new Dated(Appointments.BILL, "bill");
  private static final Update UPDATE = new Update("s0-0-0", Update.RARE, 1, 10, 20, 30);
  private static final ChangingRule RULE =
      new ChangingRule(0, "rule_1", Update.RARE, true, ChangingRule.Condition.ALWAYS, 0, 0);

  private final ClusterJournal journal = new ClusterJournal();
  private final RuleTimeline timeline = new RuleTimeline(10);
  private final Outcomes outcomes = new Outcomes(timeline);
  private final List<JsonObject> stored = new ArrayList<>();
  private final List<String> streamed = new ArrayList<>();
  private final List<Accepted> answer = new ArrayList<>();

  @BeforeEach
  void an_update_that_a_rule_fires_on_and_a_bill_whose_date_came() {
    timeline.request(List.of(RULE));
    timeline.acknowledge();
    journal.sent(UPDATE.json());
    answer.add(new Accepted(0, "e1", false, List.of(new Fired("n1", "rule_1"))));
    journal.acknowledged(UPDATE.id(), answer.getFirst());
    stored.add(event("e1", "ConfigurationEvent", Update.RARE, UPDATE.json().getJsonObject("new")));
    has(stored.getFirst(), "oldDto", UPDATE.json().getJsonObject("old"));
    stored.add(notification("n1", "e1", "rule_1"));
    JsonObject bill = new JsonObject().put("id", "bill").put("endDate", DUE.toString());
    acknowledge("bill", "billing.bill.updated", bill, "e2");
    journal.appointments().dated(BILL, new Date(DUE, Distance.NEAR));
    stored.add(event("e2", "BillingEvent", "billing.bill.updated", bill));
    stored.add(fired("e3", bill, DUE));
    stored.add(notification("n3", "e3", ClusterCampaign.RING));
    streamed.addAll(List.of("e1", "n1", "e2", "e3", "n3"));
  }

  private void acknowledge(String sender, String name, JsonObject state, String id) {
    journal.sent(new JsonObject().put("id", sender).put("eventName", name).put("new", state));
    journal.acknowledged(sender, new Accepted(0, id, false, List.of()));
  }

  private static JsonObject fired(String id, JsonObject state, Instant due) {
    JsonObject about = new JsonObject().put("entity", Appointments.BILL);
    return event(id, "ScheduledEvent", "scheduled.bill.ended", state.copy().put("scheduled", about))
        .put("resourceId", state.getString("id"))
        .put("eventTime", due.toString());
  }

  private static void has(JsonObject event, String which, JsonObject state) {
    event.getJsonObject("m3terEvent").getJsonObject("eventData").put(which, state);
  }

  private static JsonObject event(String id, String type, String name, JsonObject newDto) {
    return new JsonObject()
        .put("id", id)
        .put("eventType", type)
        .put("eventName", name)
        .put("eventTime", DUE.toString())
        .put(
            "m3terEvent",
            new JsonObject().put("eventData", new JsonObject().put("newDto", newDto)));
  }

  private static JsonObject notification(String id, String cause, String code) {
    return event(
        id,
        "Notification",
        "notification." + code,
        new JsonObject().put("code", code).put("causeEventId", cause).put("version", 2L));
  }

  private List<String> complaints() {
    return complaints(List.of(streamed, streamed));
  }

  private List<String> complaints(List<List<String>> streams) {
    outcomes.answered(List.of(UPDATE), answer, timeline.first());
    ClusterAudit audit = new ClusterAudit(journal);
    audit.events(
        stored,
        new ClusterAudit.Known(outcomes, Map.of("rule_1", 2L), Appointments.BALANCE, Map.of()));
    audit.streams(streams);
    return audit.complaints();
  }

  private void store(JsonObject event) {
    stored.add(event);
    streamed.add(event.getString("id"));
  }

  private void lose(String id) {
    stored.removeIf(event -> event.getString("id").equals(id));
    streamed.remove(id);
  }

  @Test
  void nothing_is_said_of_what_is_in_order() {
    assertThat(complaints()).isEmpty();
  }

  @Test
  void an_acknowledged_event_that_is_lost() {
    lose("e1");
    assertThat(complaints()).contains("acknowledged and lost: 1");
  }

  @Test
  void an_event_that_is_stored_twice() {
    store(event("e9", "ConfigurationEvent", Update.RARE, new JsonObject().put("id", UPDATE.id())));
    assertThat(complaints()).contains("stored twice: 1");
  }

  @Test
  void an_event_that_nobody_sent() {
    store(event("e9", "ConfigurationEvent", Update.RARE, new JsonObject().put("id", "other")));
    assertThat(complaints()).contains("never sent: 1");
  }

  @Test
  void an_event_that_was_never_acknowledged() {
    journal.sent(new Update("s0-0-1", Update.RARE, 1, 10, 20, 30).json());
    assertThat(complaints()).contains("sent again and again, and never acknowledged: 1");
  }

  @Test
  void a_second_notification_of_one_rule() {
    store(notification("n9", "e1", "rule_1"));
    assertThat(complaints(List.of(streamed))).contains("by other rules than were in force: 1");
  }

  @Test
  void a_notification_that_was_told_and_is_not_stored() {
    lose("n1");
    assertThat(complaints(List.of(streamed))).contains("by other rules than were in force: 1");
  }

  @Test
  void an_event_that_was_judged_by_the_rules_before_a_change_that_was_acknowledged() {
    answer.set(0, new Accepted(0, "e1", false, List.of()));
    lose("n1");
    assertThat(complaints(List.of(streamed))).contains("by other rules than were in force: 1");
  }

  @Test
  void an_event_of_a_rule_that_was_switched_off() {
    timeline.request(List.of(RULE.switched("rule_2")));
    timeline.acknowledge();
    assertThat(complaints()).contains("by other rules than were in force: 1");
  }

  @Test
  void while_a_change_is_under_way_either_will_do() {
    int before = timeline.first();
    timeline.request(List.of(ChangingRule.random(0, "rule_2", new Random(1))));
    outcomes.answered(List.of(UPDATE), answer, before);
    assertThat(outcomes.complaints()).isEmpty();
  }

  @Test
  void a_scheduled_event_that_was_not_fired() {
    lose("e3");
    lose("n3");
    assertThat(complaints(List.of(streamed))).contains("scheduled and not fired once: 1");
  }

  @Test
  void a_payload_that_is_not_what_was_sent() {
    has(stored.getFirst(), "newDto", UPDATE.json().getJsonObject("new").put("amount", 31));
    assertThat(complaints()).contains("stored otherwise than sent: 1");
  }

  @Test
  void an_old_state_that_is_not_what_was_sent() {
    has(stored.getFirst(), "oldDto", UPDATE.json().getJsonObject("new"));
    assertThat(complaints()).contains("stored otherwise than sent: 1");
  }

  @Test
  void a_scheduled_event_with_a_state_that_nobody_sent() {
    stored
        .get(3)
        .getJsonObject("m3terEvent")
        .getJsonObject("eventData")
        .getJsonObject("newDto")
        .put("endDate", DUE.plusMillis(1).toString());
    assertThat(complaints()).contains("fired with a state that nobody sent: 1");
  }

  @Test
  void a_crossing_between_the_old_state_that_the_server_knew_and_the_new_one() {
    shared("x1", 100, "e7", null);
    shared("x2", 600, "e8", "x1");
    assertThat(complaints()).contains("a crossing without its one notification: 1");

    store(notification("n8", "e8", SharedEntities.CROSSED));
    store(notification("n7", "e7", SharedEntities.CROSSED));
    assertThat(complaints(List.of(streamed)))
        .containsExactly("notification of what is not a crossing: 1", "  e7");
  }

  private void shared(String sender, int level, String id, @Nullable String before) {
    JsonObject state =
        new JsonObject().put("id", "shared-1").put("sentAs", sender).put("minimumSpend", level);
    acknowledge(sender, SharedEntities.EVENT, state, id);
    store(event(id, "ConfigurationEvent", SharedEntities.EVENT, state));
    if (before != null) {
      JsonObject sent = Objects.requireNonNull(journal.sent().get(before));
      has(stored.getLast(), "oldDto", sent.getJsonObject("new"));
    }
  }

  @Test
  void a_scheduled_event_that_was_fired_twice_and_rang_once() {
    store(stored.get(3).copy().put("id", "e9"));
    assertThat(complaints())
        .contains(
            "scheduled and not fired once: 1", "a scheduled event without its one notification: 1");
  }

  @Test
  void a_scheduled_event_at_another_time_than_it_was_due() {
    stored.get(3).put("eventTime", DUE.plusMillis(1).toString());
    assertThat(complaints()).contains("scheduled and not fired once: 1", "fired and never due: 1");
  }

  @Test
  void streams_that_lack_repeat_and_mix() {
    assertThat(
            complaints(
                List.of(
                    streamed,
                    List.of("e1", "n1", "e2", "e3"),
                    List.of("e1", "n1", "e2", "e3", "n3", "e1"),
                    List.of("n1", "e1", "e2", "e3", "n3"))))
        .contains("not streamed: 1", "streamed twice: 1", "streamed in different orders: 3");
  }

  @Test
  void a_campaign_in_which_something_never_happened() {
    ClusterAudit audit = new ClusterAudit(journal);
    audit.substance(
        Map.of(
            "faults", 1L,
            "acknowledged", 1L,
            "changesShown", 0L,
            "fired", 1L,
            "notifications", 1L,
            "sharedUpdates", 1L));
    assertThat(audit.complaints())
        .containsExactly("nothing was shown: 1", "  there were no changesShown");
  }

  @Test
  void a_change_is_shown_by_an_event_that_would_have_fired_something_else_before() {
    outcomes.answered(List.of(UPDATE), answer, timeline.first());
    assertThat(outcomes.statesShown()).isOne();

    timeline.request(List.of(RULE, ChangingRule.random(1, "rule_2", new Random(1))));
    timeline.acknowledge();
    outcomes.answered(List.of(UPDATE), answer, timeline.first());
    assertThat(outcomes.statesShown()).isOne();
  }
}
