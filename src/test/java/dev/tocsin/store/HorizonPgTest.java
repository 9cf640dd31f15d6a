package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.RULE;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.IntegrationRunStatus;
import dev.tocsin.api.IntegrationRuns;
import dev.tocsin.api.IntegrationRuns.Replay;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.stream.Position;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Tuple;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is past retention is there for nobody, to the millisecond, on every road to it. */
class HorizonPgTest {
  private static final PageRequest PAGE = new PageRequest(100, null);
  private static final WebhookId HOOK = webhook(1);

  /** Run number 2 and its event were made at {@link Samples#NOW}. */
  private static final EventId EVENT = Samples.message(ACME, 2).cause().id();

  private static final RunId RUN = run(2);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Viewer viewer = new Viewer(ACME, HiddenEvents.NONE);
  private Instant now = NOW;
  private DeliveryRows rows;
  private Database reads;
  private PgHorizon horizon;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    reads = postgres.open("events", PgEvents.SESSION);
    horizon = new PgHorizon(postgres.database(), new Retention(() -> now, 28));
    rows.addWebhook(ACME, Samples.destination(HOOK));
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    rows.run(
        "insert into notification_configuration values (?, ?, 'commitment_90', 'n', 'd', 'e', true,"
            + " true, null, 1, now(), now(), 'me', 'me')",
        ACME.value(),
        RULE.value());
  }

  @AfterEach
  void close() throws SQLException {
    reads.close();
    rows.close();
  }

  @Test
  void what_an_event_is_asked_by_ends_with_its_28_days_to_the_millisecond() {
    roads().forEach((road, isThere) -> endsAfter(Duration.ofDays(28), road, isThere));
  }

  @Test
  void an_organization_may_keep_its_events_for_fewer_days_than_the_server() {
    rows.run("update organization set retention_days = 7 where id = ?", ACME.value());
    horizon.refresh();

    roads().forEach((road, isThere) -> endsAfter(Duration.ofDays(7), road, isThere));
    now = NOW.plus(Duration.ofDays(20));
    assertThat(horizon.of(BOLT)).isEqualTo(EventId.floor(NOW.minus(Duration.ofDays(8))));
  }

  @Test
  void a_longer_retention_than_the_servers_is_worth_as_much_as_that() {
    rows.run("update organization set retention_days = 300 where id = ?", ACME.value());
    horizon.refresh();

    assertThat(horizon.of(ACME)).isEqualTo(EventId.floor(NOW.minus(Duration.ofDays(28))));
    assertThat(inStatement(28)).isEqualTo(horizon.of(ACME).toString());
  }

  /** Of a session whose time zone put its clocks back on 1 November. */
  @Test
  void statements_over_all_organizations_go_by_the_same_bound() {
    now = Instant.parse("2026-11-20T08:00:00.123999Z");
    assertThat(inStatement(28))
        .isEqualTo(horizon.of(ACME).toString())
        .isEqualTo(EventId.floor(Instant.parse("2026-10-23T08:00:00.123Z")).toString());

    rows.run("update organization set retention_days = 20 where id = ?", ACME.value());
    horizon.refresh();
    assertThat(inStatement(28))
        .isEqualTo(horizon.of(ACME).toString())
        .isEqualTo(EventId.floor(Instant.parse("2026-10-31T08:00:00.123Z")).toString());
  }

  private String inStatement(int days) {
    Tuple parameters = new Retention(() -> now, days).addTo(Tuple.of(ACME.value()));
    return String.valueOf(
        postgres.database().run("eventHorizon", parameters).iterator().next().getUUID(0));
  }

  /** Runs outlive their partition's day: the cause decides. */
  @Test
  void a_run_that_was_made_later_goes_with_the_event_that_caused_it() {
    RunId later = new RunId(Samples.id(1, 50, 1));
    rows.run(
        "insert into integration_run select organization_id, ?, cause_event_id,"
            + " notification_event_id, notification_configuration_id, integration_configuration_id,"
            + " webhook_id, 'ERROR', 1, null, 1, null, null, now(), now(), id, null, null"
            + " from integration_run where id = ?",
        later.value(),
        RUN.value());

    endsAfter(
        Duration.ofDays(28), "run of the next day", () -> runs().find(viewer, later).isPresent());
    now = NOW.plus(Duration.ofDays(28)).plusMillis(1);
    assertThat(runs().list(viewer, runsWith(null, null, null, null), PAGE).items()).isEmpty();
  }

  @Test
  void a_page_goes_on_no_further_than_to_the_horizon() {
    rows.addRun(ACME, 3, HOOK, Duration.ofSeconds(1)); // made a day later
    Events events = new PgEvents(reads, horizon);
    now = NOW.plus(Duration.ofDays(28));
    Events.Filter all = filter(List.of(), null, null, null, null, null, null);
    var first = events.list(viewer, all, new PageRequest(1, null));
    assertThat(first.hasMore()).isTrue();

    now = now.plusMillis(1);
    UUID after = first.items().getFirst().id().value();
    assertThat(events.list(viewer, all, new PageRequest(1, after)).items()).isEmpty();
  }

  private void endsAfter(Duration kept, String road, BooleanSupplier isThere) {
    now = NOW.plus(kept).minusMillis(1);
    assertThat(isThere.getAsBoolean()).as(road + " a millisecond before").isTrue();
    now = NOW.plus(kept);
    assertThat(isThere.getAsBoolean()).as(road + " at its end").isTrue();
    now = NOW.plus(kept).plusMillis(1);
    assertThat(isThere.getAsBoolean()).as(road + " a millisecond after").isFalse();
  }

  private Map<String, BooleanSupplier> roads() {
    Map<String, BooleanSupplier> roads = new LinkedHashMap<>();
    addLists(roads, "by a walk", new PgEvents(reads, horizon, 1_000));
    addLists(roads, "by the index of keys", new PgEvents(reads, horizon, 0));
    Events events = new PgEvents(reads, horizon);
    roads.put("get", () -> events.find(viewer, EVENT).isPresent());
    roads.put("actioned", () -> !events.action(viewer, List.of(EVENT), true, now).isEmpty());
    addStream(roads);
    addRuns(roads);
    PgLedger ledger =
        new PgLedger(
            postgres.database(),
            Duration.ofDays(366),
            () -> now,
            horizon,
            new UUID(9, 9),
            Duration.ofMinutes(1),
            Duration.ofDays(1));
    roads.put(
        "notifications of a repeated event",
        () -> !ledger.notifications(ACME, List.of(EVENT)).isEmpty());
    roads.put("name of a repeated event", () -> !ledger.names(ACME, List.of(EVENT)).isEmpty());
    return roads;
  }

  private void addLists(Map<String, BooleanSupplier> roads, String how, Events events) {
    Map<String, Events.Filter> filters =
        Map.of(
            "all", filter(List.of(), null, null, null, null, null, null),
            "ids", filter(List.of(EVENT), null, null, null, null, null, null),
            "name",
                filter(List.of(), "configuration.commitment.updated", null, null, null, null, null),
            "type", filter(List.of(), null, "ConfigurationEvent", null, null, null, null),
            "account", filter(List.of(), null, null, "account-1", null, null, null),
            "entity", filter(List.of(), null, null, null, "commitment-2", null, null),
            "rule", filter(List.of(), null, null, null, null, RULE, null),
            "rule's code", filter(List.of(), null, null, null, null, null, "commitment_90"),
            "rule and ids", filter(List.of(EVENT), null, null, null, null, RULE, null),
            "rule and entity", filter(List.of(), null, null, null, "commitment-2", RULE, null));
    filters.forEach((name, filter) ->
        roads.put(
            "list of " + name + " " + how,
            () -> !events.list(viewer, filter, PAGE).items().isEmpty()));
    Events.Filter since =
        new Events.Filter(
            List.of(), null, null, null, null, null, null, true, new Period(Instant.EPOCH, null));
    roads.put(
        "list from the beginning " + how,
        () -> !events.list(viewer, since, PAGE).items().isEmpty());
  }

  private static Events.Filter filter(
      List<EventId> ids,
      @Nullable String name,
      @Nullable String type,
      @Nullable String account,
      @Nullable String entity,
      @Nullable RuleId rule,
      @Nullable String code) {
    return new Events.Filter(ids, name, type, account, entity, rule, code, true, Period.ALWAYS);
  }

  private void addStream(Map<String, BooleanSupplier> roads) {
    PgEventTail tail = PgEventTail.open(reads, horizon, EventId.ABOVE_ALL);
    Position beginning = new Position(0, new EventId(new UUID(0, 0)), Instant.EPOCH);
    roads.put("stream", () -> !tail.read(ACME, beginning, 10).events().isEmpty());
    roads.put("resume", () -> tail.start(ACME, HiddenEvents.NONE, EVENT).isPresent());
    roads.put(
        "visible in a stream",
        () -> !tail.visible(ACME, HiddenEvents.NONE, List.of(EVENT)).isEmpty());
  }

  private void addRuns(Map<String, BooleanSupplier> roads) {
    rows.run(
        "update integration_run set status = 'ERROR', due_at = null, dt_completed = now(),"
            + " leased_by = null where id = ?",
        RUN.value());
    Map<String, IntegrationRuns.Filter> filters =
        Map.of(
            "all", runsWith(null, null, null, null),
            "status", runsWith(IntegrationRunStatus.ERROR, null, null, null),
            "webhook", runsWith(null, HOOK, null, null),
            "rule", runsWith(null, null, RULE, null),
            "event", runsWith(null, null, null, EVENT));
    filters.forEach((name, filter) ->
        roads.put("runs by " + name, () -> !runs().list(viewer, filter, PAGE).items().isEmpty()));
    roads.put(
        "runs of a rule, the oldest first",
        () ->
            !runs()
                .listOldestFirst(viewer, RULE, runsWith(null, null, null, null), PAGE)
                .items()
                .isEmpty());
    roads.put("run with attempts and log", () -> runs().find(viewer, RUN).isPresent());
    roads.put(
        "replay",
        () ->
            !(runs().replay(viewer, RUN, new RunId(Samples.id(1, 60, 0)), "key")
                instanceof Replay.Missing));
    PgRuleDays days = new PgRuleDays(postgres.database(), horizon);
    rows.run(
        "insert into rule_day values (?, ?, '2026-11-23', 1, 0, 1, 'it failed', ?, now())"
            + " on conflict do nothing",
        ACME.value(),
        RULE.value(),
        EVENT.value());
    roads.put(
        "error of a rule on it",
        () ->
            days.find(viewer, RULE, LocalDate.EPOCH).orElseThrow().getFirst().lastError() != null);
  }

  private PgIntegrationRuns runs() {
    return new PgIntegrationRuns(reads, postgres.database(), horizon);
  }

  private static IntegrationRuns.Filter runsWith(
      @Nullable IntegrationRunStatus status,
      @Nullable WebhookId webhook,
      @Nullable RuleId rule,
      @Nullable EventId event) {
    return new IntegrationRuns.Filter(status, webhook, rule, event, Period.ALWAYS);
  }
}
