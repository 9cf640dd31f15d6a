package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.Attempted;
import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.DeliveryStore.Claim;
import dev.tocsin.deliver.Failure;
import dev.tocsin.deliver.Owed;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.Category;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.WaitingRuns.Ended;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that still wait when their event expires end as such, and their customers are told. */
class ExpiredRunsPgTest {
  private static final WebhookId HOOK = webhook(1);
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Duration LATER = Duration.ofHours(-1);
  private static final Pattern INDEX =
      Pattern.compile("integration_run_20261123_(?:\\w+_idx|pkey)");
  private static final String REASON = "the event expired before it was delivered";

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private Instant now = NOW;
  private DeliveryRows rows;
  private Database pool;
  private Retention retention;
  private PgWaitingRuns waiting;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    pool = postgres.open("delivery", PgDeliveryStore.SESSION);
    retention = new Retention(() -> now, 28);
    waiting = new PgWaitingRuns(pool, retention);
    rows.addWebhook(ACME, Samples.destination(HOOK));
  }

  @AfterEach
  void close() throws SQLException {
    pool.close();
    rows.close();
  }

  /** Runs with even numbers were made, with their events, at {@link Samples#NOW}. */
  private void expireAfter(int days) {
    now = NOW.plus(Duration.ofDays(days)).plusMillis(1);
  }

  @Test
  void a_due_run_is_claimed_as_long_as_its_event_is_there_and_ends_a_millisecond_later() {
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    now = NOW.plus(Duration.ofDays(28));
    LeasedRun leased = claim().runs().getFirst();
    store().release(List.of(leased));

    now = now.plusMillis(1);
    Claim claim = claim();

    assertThat(claim.runs()).isEmpty();
    assertThat(claim.expired()).isEqualTo(1);
    assertEnded(ACME, 2);
    assertTold(2);
  }

  @Test
  void a_run_that_waits_for_a_later_attempt_ends_when_its_event_expires() {
    rows.addRun(ACME, 2, HOOK, LATER);
    waits();
    now = NOW.plus(Duration.ofDays(28));
    assertThat(waiting.endExpired(10)).isEmpty();

    expireAfter(28);
    assertThat(waiting.endExpired(10)).containsExactly(new Ended(ACME, run(2)));

    assertEnded(ACME, 2);
    assertTold(2);
    assertThat(waiting.endExpired(10)).isEmpty();
  }

  @Test
  void what_an_organization_keeps_for_fewer_days_ends_earlier_and_no_other_with_it() {
    rows.addWebhook(BOLT, Samples.destination(webhook(2)));
    rows.addRun(ACME, 2, HOOK, LATER);
    rows.addRun(BOLT, 4, webhook(2), LATER);
    waits();
    rows.run("update organization set retention_days = 7 where id = ?", BOLT.value());

    expireAfter(7);
    assertThat(waiting.endExpired(10)).containsExactly(new Ended(BOLT, run(4)));
    assertEnded(BOLT, 4);
  }

  @Test
  void a_replay_ends_with_the_event_of_the_run_it_repeats_however_late_it_was_made() {
    rows.addRun(ACME, 2, HOOK, LATER);
    waits();
    RunId replay = new RunId(Samples.id(1, 90, 1));
    rows.run(
        "insert into integration_run select organization_id, ?, cause_event_id,"
            + " notification_event_id, notification_configuration_id, integration_configuration_id,"
            + " webhook_id, 'WAITING', 0, due_at, 0, null, null, null, null, id, null, null"
            + " from integration_run where id = ?",
        replay.value(),
        run(2).value());
    rows.run(
        "update integration_run set due_at = null, dt_completed = now() where id = ?",
        run(2).value());

    expireAfter(28);
    assertThat(waiting.endExpired(10)).containsExactly(new Ended(ACME, replay));
  }

  @Test
  void many_end_in_batches() {
    IntStream.rangeClosed(1, 5).forEach(n -> rows.addRun(ACME, n * 2, HOOK, LATER));
    waits();
    expireAfter(28);

    assertThat(waiting.endExpired(3)).hasSize(3);
    assertThat(waiting.endExpired(3)).hasSize(2);
    assertThat(waiting.endExpired(3)).isEmpty();
  }

  /**
   * The courier sends no more of an expired event; an answer that comes at its end still counts.
   */
  @Test
  void what_somebody_works_on_is_his_until_his_lease_ends() {
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    LeasedRun leased = claim().runs().getFirst();
    expireAfter(28);
    assertThat(waiting.endExpired(10)).isEmpty();

    assertThat(store().record(List.of(answered(leased)))).isEmpty();
    assertThat(rows.kept(ACME, run(2)).status()).isEqualTo(RunStatus.COMPLETE);
    assertThat(rows.kept(ACME, run(2)).tried()).hasSize(1);
  }

  @Test
  void when_his_lease_has_ended_the_run_ends_and_his_outcome_comes_too_late() {
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    LeasedRun leased = claim().runs().getFirst();
    rows.run("update integration_run set due_at = now()");
    expireAfter(28);
    assertThat(waiting.endExpired(10)).hasSize(1);

    assertThat(store().record(List.of(answered(leased)))).containsExactly(leased);
    assertEnded(ACME, 2);
  }

  @Test
  void an_outcome_whose_partition_is_gone_disturbs_no_other() {
    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    rows.addRun(ACME, 3, HOOK, Duration.ofSeconds(1));
    List<LeasedRun> leased = claim().runs();
    for (String table : List.of("integration_run", "integration_run_attempt")) {
      String partition = table + "_20261123";
      postgres.execute("alter table " + table + " detach partition " + partition);
      postgres.execute("drop table " + partition);
    }

    List<LeasedRun> dropped =
        store().record(leased.stream().map(ExpiredRunsPgTest::answered).toList());

    assertThat(dropped).extracting(LeasedRun::id).containsExactly(run(2));
    assertThat(rows.kept(ACME, run(3)).status()).isEqualTo(RunStatus.COMPLETE);
  }

  /** Or a rule on such events would set itself off once every 28 days. */
  @Test
  void nothing_is_told_of_the_delivery_of_an_event_that_tells_of_a_failed_delivery() {
    rows.addRun(ACME, 2, HOOK, LATER);
    rows.addRun(ACME, 4, HOOK, Duration.ofSeconds(1));
    rows.run("update event set event_type = 'IntegrationEvent'");
    rows.run("update integration_run set leased_by = null");
    expireAfter(28);

    assertThat(claim().expired()).isEqualTo(1);
    assertThat(waiting.endExpired(10)).hasSize(1);

    assertThat(owed()).isEmpty();
  }

  /** However many others ended that day, and whether they were counted or not. */
  @ParameterizedTest(name = "counted: {0}")
  @ValueSource(booleans = {false, true})
  void what_waits_is_found_by_its_indexes_alone(boolean counted) throws SQLException {
    rows.run(
        """
        insert into integration_run (organization_id, id, cause_event_id, notification_event_id,
          notification_configuration_id, integration_configuration_id, webhook_id, status, attempts,
          due_at, fence, dt_completed)
        select ?, ('01a2076b-4400-7000-8000-' || lpad(n::text, 12, '0'))::uuid, gen_random_uuid(),
          gen_random_uuid(), md5((n % 50)::text)::uuid, gen_random_uuid(), gen_random_uuid(),
          case when n % 100 = 0 then 'AWAITING_RETRY' else 'COMPLETE' end, 1,
          case when n % 100 = 0 then now() end, 1, case when n % 100 <> 0 then now() end
        from generate_series(1, 20000) n
        """,
        ACME.value());
    if (counted) {
      rows.run("analyze integration_run");
    }
    assertThat(plan("integrationRunExpire", "now(), 28, 100"))
        .contains("integration_run_20261123_due_at_idx")
        .contains("integration_run_20261123_organization_id_status_id_idx")
        .contains("integration_run_20261123_parent_run_id_idx")
        .contains("integration_run_20261123_pkey")
        .hasSize(4);
    assertThat(
            plan(
                "integrationRunClaimDue",
                "100, '{}', '{}', '%s', 1000, now(), 28".formatted(new UUID(5, 5))))
        .containsExactlyInAnyOrder(
            "integration_run_20261123_due_at_idx", "integration_run_20261123_pkey");
  }

  /** The indexes of that day's runs in the generic plan, which serves any parameters. */
  private Set<String> plan(String statement, String parameters) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgDeliveryStore.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      // Or what is left out by the moment is not shown.
      session.execute("set enable_partition_pruning = off");
      session.execute("prepare runs as " + Statements.load().sql(statement));
      Set<String> indexes = new TreeSet<>();
      try (ResultSet lines =
          session.executeQuery("explain (costs off) execute runs (" + parameters + ")")) {
        while (lines.next()) {
          assertThat(lines.getString(1)).doesNotContain("Seq Scan on integration_run");
          Matcher index = INDEX.matcher(lines.getString(1));
          if (index.find()) {
            indexes.add(index.group());
          }
        }
      }
      return indexes;
    }
  }

  private void waits() {
    rows.run("update integration_run set status = 'AWAITING_RETRY', leased_by = null");
  }

  private void assertEnded(OrganizationId organization, int number) {
    assertThat(rows.kept(organization, run(number)).status()).isEqualTo(RunStatus.ERROR);
    assertThat(rows.kept(organization, run(number)).error()).isEqualTo(REASON);
    assertThat(rows.kept(organization, run(number)).dueIn()).isNull();
    assertThat(rows.kept(organization, run(number)).tried()).isEmpty();
  }

  /** That it ended, and nothing of the event. */
  private void assertTold(int number) {
    List<Owed> owed = owed();
    assertThat(owed).hasSize(1);
    assertThat(owed.getFirst().run()).isEqualTo(run(number));
    assertThat(owed.getFirst().failure()).isEqualTo(Failure.PERFORM);
    assertThat(owed.getFirst().error()).isEqualTo(REASON);
    assertThat(owed.getFirst().about().cause())
        .isEqualTo(new Owed.Cause(null, Category.CONFIGURATION, null));
  }

  private List<Owed> owed() {
    return new PgFailureStore(pool, postgres.database(), retention, LEASE).claim(null, 10, 10);
  }

  private Claim claim() {
    return store().claimDue(10, Crowded.NOBODY);
  }

  private PgDeliveryStore store() {
    return rows.store(pool, retention, new UUID(5, 5), LEASE);
  }

  private static Attempted answered(LeasedRun run) {
    return new Attempted(
        run, NOW, Duration.ofMillis(12), 200, null, "thanks", new Next.End(RunStatus.COMPLETE));
  }
}
