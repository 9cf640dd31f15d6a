package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.IntegrationRun;
import dev.tocsin.api.IntegrationRunStatus;
import dev.tocsin.api.IntegrationRuns.Filter;
import dev.tocsin.api.IntegrationRuns.Replay;
import dev.tocsin.api.IntegrationRuns.Told;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.deliver.Attempted;
import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgIntegrationRunsPgTest {
  private static final WebhookId HOOK = webhook(1);
  private static final String ANY = "null, null, null, null";

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private DeliveryRows rows;
  private Database reads;
  private Database delivery;
  private PgIntegrationRuns runs;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    reads = postgres.open("events", PgEvents.SESSION);
    delivery = postgres.open("delivery", PgDeliveryStore.SESSION);
    runs = new PgIntegrationRuns(reads, postgres.database(), StoreSamples.EVERYTHING);
    rows.addWebhook(ACME, Samples.destination(HOOK));
    rows.addWebhook(ACME, Samples.destination(webhook(2)));
  }

  @AfterEach
  void close() throws SQLException {
    delivery.close();
    reads.close();
    rows.close();
  }

  @Test
  void a_run_is_found_with_its_attempts() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    end(leased(), RunStatus.ERROR);

    Told told = runs.find(all(ACME), run(1)).orElseThrow();

    assertThat(told.run().status()).isEqualTo(IntegrationRunStatus.ERROR);
    assertThat(told.run().url()).isEqualTo("http://127.0.0.1:9/hook");
    assertThat(told.run().what().rule()).isEqualTo(Samples.RULE);
    assertThat(told.run().what().cause()).isEqualTo(Samples.message(ACME, 1).cause().id());
    assertThat(told.run().what().notification()).isEqualTo(Samples.message(ACME, 1).id());
    assertThat(told.run().what().webhook()).isEqualTo(HOOK);
    assertThat(told.run().due()).isNull();
    assertThat(told.run().completed()).isNotNull();
    assertThat(told.run().parent()).isNull();
    assertThat(told.attempts())
        .containsExactly(
            new IntegrationRun.Attempt(
                1, Samples.NOW, Duration.ofMillis(12), 500, "it failed", "sorry"));
    assertThat(runs.find(all(BOLT), run(1))).isEmpty();
    assertThat(runs.find(all(ACME), run(2))).isEmpty();
  }

  @Test
  void each_change_of_a_run_is_its_last_modification() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    rows.run("update integration_run set dt_last_modified = 'epoch'");
    LeasedRun leased = leased();
    assertThat(modifiedSinceEpoch()).as("taken up").isTrue();
    rows.run("update integration_run set dt_last_modified = 'epoch'");
    store().release(List.of(leased));
    assertThat(modifiedSinceEpoch()).as("given back").isTrue();
    LeasedRun again = leased();
    rows.run("update integration_run set dt_last_modified = 'epoch'");
    store()
        .record(
            List.of(
                new Attempted(
                    again,
                    Samples.NOW,
                    Duration.ofMillis(12),
                    500,
                    "it failed",
                    "sorry",
                    new Attempted.Next.Retry(RunStatus.AWAITING_RETRY, Duration.ofMinutes(1)))));
    assertThat(modifiedSinceEpoch()).as("attempted").isTrue();
  }

  private boolean modifiedSinceEpoch() {
    return runs.find(all(ACME), run(1)).orElseThrow().run().lastModified().isAfter(Instant.EPOCH);
  }

  @Test
  void pages_go_from_the_newest_to_the_oldest_and_back() {
    IntStream.rangeClosed(1, 7).forEach(n -> rows.addRun(ACME, n, HOOK, Duration.ofSeconds(1)));
    rows.addWebhook(BOLT, Samples.destination(webhook(3)));
    rows.addRun(BOLT, 8, webhook(3), Duration.ofSeconds(1));
    // Runs with odd numbers were made a day later.
    List<RunId> newestFirst = List.of(run(7), run(5), run(3), run(1), run(6), run(4), run(2));

    assertThat(pages(page -> runs.list(all(ACME), all(), page))).isEqualTo(newestFirst);
    assertThat(pages(page -> runs.listOldestFirst(all(ACME), Samples.RULE, all(), page)))
        .isEqualTo(newestFirst.reversed());
  }

  private static List<RunId> pages(Function<PageRequest, Page<IntegrationRun>> list) {
    return StoreSamples.pages(3, list, (IntegrationRun run) -> run.id().value()).stream()
        .flatMap(List::stream)
        .map(IntegrationRun::id)
        .toList();
  }

  @Test
  void every_filter_must_hold() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(2));
    end(leased(), RunStatus.ERROR);
    rows.addRun(ACME, 2, webhook(2), Duration.ofSeconds(1));
    end(leased(), RunStatus.COMPLETE);
    rows.addRun(ACME, 3, HOOK, Duration.ofMinutes(-1));
    EventId cause = Samples.message(ACME, 1).cause().id();
    EventId notification = Samples.message(ACME, 1).id();
    rows.run(
        "insert into event values (?, ?, 'notification.x', 'Notification', now(), null, null,"
            + " ?::json, null, null)",
        ACME.value(),
        notification.value(),
        "{\"causeEventId\":\"" + cause + "\"}");

    assertThat(list(new Filter(IntegrationRunStatus.ERROR, null, null, null, Period.ALWAYS)))
        .containsExactly(run(1));
    assertThat(list(new Filter(IntegrationRunStatus.STARTED, null, null, null, Period.ALWAYS)))
        .containsExactly(run(3));
    assertThat(list(new Filter(IntegrationRunStatus.COMPLETE, null, null, null, Period.ALWAYS)))
        .containsExactly(run(2));
    assertThat(list(new Filter(null, HOOK, null, null, Period.ALWAYS)))
        .containsExactly(run(3), run(1));
    assertThat(list(new Filter(IntegrationRunStatus.ERROR, webhook(2), null, null, Period.ALWAYS)))
        .isEmpty();
    assertThat(list(new Filter(null, null, Samples.RULE, null, Period.ALWAYS))).hasSize(3);
    assertThat(list(new Filter(null, null, null, cause, Period.ALWAYS))).containsExactly(run(1));
    assertThat(list(new Filter(null, HOOK, Samples.RULE, notification, Period.ALWAYS)))
        .containsExactly(run(1));
    assertThat(list(new Filter(IntegrationRunStatus.COMPLETE, null, null, cause, Period.ALWAYS)))
        .isEmpty();
    Period firstDay = new Period(null, Samples.NOW.plus(Duration.ofHours(12)));
    assertThat(list(new Filter(null, null, null, null, firstDay))).containsExactly(run(2));
    assertThat(list(new Filter(null, HOOK, null, null, firstDay))).isEmpty();
  }

  private List<RunId> list(Filter filter) {
    return runs.list(all(ACME), filter, new PageRequest(100, null)).items().stream()
        .map(IntegrationRun::id)
        .toList();
  }

  @Test
  void each_filter_follows_its_index_and_sorts_nothing() throws SQLException {
    // One run in a hundred fails, one in ten goes to the second webhook.
    rows.run(
        """
        insert into integration_run (organization_id, id, cause_event_id, notification_event_id,
          notification_configuration_id, integration_configuration_id, webhook_id, status, attempts,
          due_at, fence, dt_completed)
        select ?, ('01a2076b-4400-7000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(),
          gen_random_uuid(), md5((n % 50)::text)::uuid, gen_random_uuid(),
          case when n % 10 = 0 then ?::uuid else ?::uuid end,
          case when n % 100 = 0 then 'ERROR' else 'COMPLETE' end, 1, null, 1, now()
        from generate_series(1, 3000) n
        """,
        ACME.value(), webhook(2).value(), HOOK.value());
    rows.run("analyze integration_run");
    String rule = "'c4ca4238-a0b9-2382-0dcc-509a6f75849b'";
    String hook = "'" + webhook(2) + "'";

    assertThat(plan("integrationRunList", ANY)).contains("_pkey");
    assertThat(plan("integrationRunList", "'COMPLETE', null, null, null")).contains("_pkey");
    assertThat(plan("integrationRunListOfStatus", "'ERROR', null, null, null"))
        .contains("organization_id_status_id_idx");
    assertThat(plan("integrationRunListOfStatus", "'ERROR', " + hook + ", " + rule + ", null"))
        .contains("organization_id_status_id_idx");
    assertThat(plan("integrationRunListOfWebhook", "null, " + hook + ", null, null"))
        .contains("organization_id_webhook_id_id_idx");
    assertThat(plan("integrationRunListOfRule", "null, null, " + rule + ", null"))
        .contains("organization_id_notification_confi_idx");
    assertThat(plan("integrationRunListOfRuleOldestFirst", "null, null, " + rule + ", null"))
        .contains("organization_id_notification_confi_idx");
    assertThat(plan("integrationRunListOfEvent", "null, null, null, '" + new UUID(1, 9) + "'"))
        .contains("organization_id_cause_event_id_id_idx");
  }

  /** The plan that serves any parameters, of the partition with the runs. */
  private String plan(String statement, String filters) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgEvents.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      session.execute("prepare listing as " + Statements.load().sql(statement));
      String parameters =
          "'%1$s', '%2$s', 11, '%3$s', %4$s, null, '%3$s'"
              .formatted(ACME, new UUID(-1, -1), new UUID(0, 0), filters);
      StringBuilder plan = new StringBuilder();
      try (ResultSet lines =
          session.executeQuery("explain (costs off) execute listing (" + parameters + ")")) {
        while (lines.next()) {
          plan.append(lines.getString(1)).append('\n');
        }
      }
      assertThat(plan.toString()).doesNotContain("Sort").doesNotContain("Seq Scan");
      return plan.toString()
          .lines()
          .filter(line -> line.contains(" on integration_run_20261123"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void a_replay_is_a_new_run_of_the_same_notification_that_is_delivered_as_any_other() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    end(leased(), RunStatus.ERROR);

    IntegrationRun replay = replay(null);

    assertThat(replay.parent()).isEqualTo(run(1));
    assertThat(replay.status()).isEqualTo(IntegrationRunStatus.WAITING);
    assertThat(replay.attempts()).isZero();
    LeasedRun delivered = leased();
    assertThat(delivered.id()).isEqualTo(replay.id());
    assertThat(delivered.attempt()).isEqualTo(1);
    assertThat(delivered.message()).isEqualTo(Samples.message(ACME, 1));
    end(delivered, RunStatus.COMPLETE);
    assertThat(runs.find(all(ACME), replay.id()).orElseThrow().run().status())
        .isEqualTo(IntegrationRunStatus.COMPLETE);
    assertThat(runs.find(all(ACME), run(1)).orElseThrow().run().status())
        .isEqualTo(IntegrationRunStatus.ERROR);
  }

  @Test
  void a_run_is_replayed_once_until_the_replay_has_ended_and_once_for_each_key() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    end(leased(), RunStatus.ERROR);

    RunId first = replay(null).id();
    assertThat(replay(null).id()).isEqualTo(first);
    end(leased(), RunStatus.ERROR);
    RunId second = replay(null).id();
    assertThat(second).isNotEqualTo(first);
    end(leased(), RunStatus.ERROR);
    RunId keyed = replay("again").id();
    end(leased(), RunStatus.COMPLETE);
    assertThat(replay("again").id()).isEqualTo(keyed);
    assertThat(replay("once more").id()).isNotEqualTo(keyed);
  }

  @Test
  void replays_asked_for_at_the_same_time_are_one() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    end(leased(), RunStatus.ERROR);

    List<RunId> made = new ArrayList<>();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<CompletableFuture<RunId>> asked =
          IntStream.range(0, 8)
              .mapToObj(n -> CompletableFuture.supplyAsync(() -> replay("k").id(), threads))
              .toList();
      asked.forEach(one -> made.add(one.join()));
    }

    assertThat(made).hasSize(8);
    assertThat(made.stream().distinct()).hasSize(1);
  }

  @Test
  void a_run_that_has_not_ended_is_not_replayed_nor_one_of_another_organization() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    leased();

    assertThat(runs.replay(all(ACME), run(1), newRun(), null))
        .isEqualTo(new Replay.TooEarly(IntegrationRunStatus.STARTED));
    assertThat(runs.replay(all(BOLT), run(1), newRun(), null)).isEqualTo(new Replay.Missing());
    assertThat(runs.replay(all(ACME), run(2), newRun(), null)).isEqualTo(new Replay.Missing());
    assertThat(list(all())).containsExactly(run(1));
  }

  @Test
  void a_replay_that_would_not_be_sent_is_not_made_and_says_what_is_off() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    end(leased(), RunStatus.ERROR);
    RunId keyed = replay("made while all was on").id();
    end(leased(), RunStatus.ERROR);

    rows.run("update webhook set active = false where id = ?", HOOK.value());
    assertThat(reasonOff()).isEqualTo("the webhook is not active");
    assertThat(replay("made while all was on").id()).isEqualTo(keyed);
    rows.run("update integration_configuration set enabled = false where id = ?", HOOK.value());
    assertThat(reasonOff()).isEqualTo("the integration is disabled, and the webhook is not active");
    rows.run("update webhook set active = true where id = ?", HOOK.value());
    assertThat(reasonOff()).isEqualTo("the integration is disabled");
    rows.run("delete from integration_configuration where id = ?", HOOK.value());
    assertThat(reasonOff()).isEqualTo("the integration does not exist any more");
    rows.run("delete from webhook where id = ?", HOOK.value());
    assertThat(reasonOff()).isEqualTo("the webhook does not exist any more");
    assertThat(list(all())).containsExactlyInAnyOrder(run(1), keyed);
  }

  private String reasonOff() {
    return ((Replay.Off) runs.replay(all(ACME), run(1), newRun(), null)).reason();
  }

  private IntegrationRun replay(@Nullable String key) {
    return ((Replay.Made) runs.replay(all(ACME), run(1), newRun(), key)).run();
  }

  private static RunId newRun() {
    return new RunId(StoreSamples.id());
  }

  private static Viewer all(OrganizationId organization) {
    return new Viewer(organization, HiddenEvents.NONE);
  }

  private static Filter all() {
    return new Filter(null, null, null, null, Period.ALWAYS);
  }

  private DeliveryStore store() {
    return rows.store(delivery, new UUID(9, 1), Duration.ofMinutes(1));
  }

  private LeasedRun leased() {
    return store().claimDue(10, Crowded.NOBODY).runs().getFirst();
  }

  private void end(LeasedRun run, RunStatus status) {
    boolean done = status == RunStatus.COMPLETE;
    store()
        .record(
            List.of(
                new Attempted(
                    run,
                    Samples.NOW,
                    Duration.ofMillis(12),
                    done ? 200 : 500,
                    done ? null : "it failed",
                    done ? "" : "sorry",
                    new Attempted.Next.End(status))));
  }
}
