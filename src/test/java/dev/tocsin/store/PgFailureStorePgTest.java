package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.run;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.api.Author;
import dev.tocsin.deliver.Attempted;
import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.deliver.Failure;
import dev.tocsin.deliver.FailureStore.Disabling;
import dev.tocsin.deliver.Owed;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.Category;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Failures from the attempt that they are of until they are told, in a real database. */
class PgFailureStorePgTest {
  private static final WebhookId HOOK = webhook(1);
  private static final Next RETRY = new Next.Retry(RunStatus.AUTH_FAILED, Duration.ZERO);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private DeliveryRows rows;
  private Database pool;
  private PgFailureStore failures;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    pool = postgres.open("delivery", PgDeliveryStore.SESSION);
    failures =
        new PgFailureStore(
            pool, postgres.database(), new Retention(() -> Samples.NOW, 28), Duration.ofMinutes(1));
    rows.addWebhook(ACME, Samples.destination(HOOK));
    rows.run("insert into rule_set values (?, 1)", ACME.value());
  }

  @AfterEach
  void close() throws SQLException {
    pool.close();
    rows.close();
  }

  @Test
  void refused_credentials_are_told_once_however_often_a_run_finds_them_refused() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    record(leased(), 401, RETRY);
    record(leased(), 403, RETRY);

    List<Owed> owed = claim();

    assertThat(owed).hasSize(1);
    Owed told = owed.getFirst();
    assertThat(told.organization()).isEqualTo(ACME);
    assertThat(told.run()).isEqualTo(run(1));
    assertThat(told.failure()).isEqualTo(Failure.AUTHENTICATION);
    assertThat(told.attempt()).isEqualTo(1);
    assertThat(told.status()).isEqualTo(RunStatus.AUTH_FAILED);
    assertThat(told.responseStatus()).isEqualTo(401);
    assertThat(told.error()).isEqualTo("answered 401");
    assertThat(told.about())
        .isEqualTo(
            new Owed.About(
                new IntegrationId(HOOK.value()),
                HOOK,
                Samples.RULE,
                "commitment_90",
                Samples.message(ACME, 1).id(),
                Samples.message(ACME, 1).cause().id(),
                new Owed.Cause(
                    "configuration.commitment.updated", Category.CONFIGURATION, "account-1")));
    assertThat(told.failingSince()).isEqualTo(Samples.NOW);
    failures.told(owed);
    record(leased(), 401, RETRY);
    rows.run("update integration_failure set tell_at = now() where tell_at is not null");
    assertThat(claim()).isEmpty();
  }

  @Test
  void how_a_run_ended_is_told_and_what_its_last_answer_was() {
    IntStream.rangeClosed(1, 4).forEach(n -> rows.addRun(ACME, n, HOOK, Duration.ofSeconds(9 - n)));
    List<LeasedRun> leased =
        store().claimDue(10, Crowded.NOBODY).runs().stream()
            .sorted(Comparator.comparing(run -> run.message().cause().time()))
            .toList();
    record(leased.get(0), 422, new Next.End(RunStatus.ERROR));
    record(leased.get(1), 410, new Next.End(RunStatus.DISABLED));
    record(leased.get(2), null, new Next.End(RunStatus.TIMEOUT_LIMIT_EXCEEDED));
    record(leased.get(3), 200, new Next.End(RunStatus.COMPLETE));

    assertThat(claim())
        .extracting(Owed::run, Owed::failure)
        .containsExactlyInAnyOrder(
            tuple(run(1), Failure.VALIDATION),
            tuple(run(1), Failure.PERFORM),
            tuple(run(2), Failure.DISABLED),
            tuple(run(3), Failure.PERFORM));
  }

  /** So a node that dies between two steps delays what it had taken, and loses nothing. */
  @Test
  void what_a_node_took_is_not_taken_again_until_its_time_is_over() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    record(leased(), 500, new Next.End(RunStatus.ERROR));

    assertThat(claim()).hasSize(1);
    assertThat(claim()).isEmpty();
    rows.run("update integration_failure set tell_at = clock_timestamp()");
    List<Owed> again = claim();
    assertThat(again).hasSize(1);
    failures.told(again);
    assertThat(postgres.value("select count(*) from integration_failure where tell_at is not null"))
        .isEqualTo("0");
  }

  @Test
  void an_outcome_that_comes_too_late_owes_nothing() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    LeasedRun lost = leased();
    rows.run("update integration_run set due_at = clock_timestamp()");
    leased();
    record(lost, 401, new Next.End(RunStatus.AUTH_FAILED));

    assertThat(claim()).isEmpty();
  }

  @Test
  void organizations_take_turns() {
    rows.addWebhook(BOLT, Samples.destination(webhook(2)));
    for (int n = 1; n <= 3; n++) {
      rows.addRun(ACME, n, HOOK, Duration.ofSeconds(1));
      rows.addRun(BOLT, n, webhook(2), Duration.ofSeconds(1));
    }
    store()
        .claimDue(10, Crowded.NOBODY)
        .runs()
        .forEach(leased -> record(leased, 500, new Next.End(RunStatus.ERROR)));

    assertThat(organizations(failures.claim(null, 1, 2))).containsExactly(ACME, ACME);
    assertThat(organizations(failures.claim(ACME, 10, 2))).containsExactly(BOLT, BOLT);
    assertThat(organizations(failures.claim(BOLT, 10, 2))).isEmpty();
    assertThat(organizations(failures.claim(null, 10, 2))).containsExactly(ACME, BOLT);
  }

  /** A sweep takes fewer than it wants for the end, and begins anew with the same ones. */
  @Test
  void organizations_that_yield_nothing_keep_none_after_them_waiting() {
    OrganizationId last = new OrganizationId(new UUID(0, 3));
    rows.addWebhook(BOLT, Samples.destination(webhook(2)));
    rows.addWebhook(last, Samples.destination(webhook(3)));
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    rows.addRun(BOLT, 1, webhook(2), Duration.ofSeconds(1));
    rows.addRun(last, 1, webhook(3), Duration.ofSeconds(1));
    store()
        .claimDue(10, Crowded.NOBODY)
        .runs()
        .forEach(leased -> record(leased, 500, new Next.End(RunStatus.ERROR)));
    rows.run("insert into organization_erasure values (?, now())", ACME.value());
    rows.run(
        "update integration_failure set tell_at = now() + interval '1 hour'"
            + " where organization_id = ?",
        BOLT.value());

    assertThat(organizations(failures.claim(null, 1, 9))).containsExactly(last);
  }

  private static List<OrganizationId> organizations(List<Owed> owed) {
    return owed.stream().map(Owed::organization).toList();
  }

  @Test
  void a_webhook_fails_since_the_first_attempt_after_the_last_that_succeeded() {
    rows.addRun(ACME, 1, HOOK, Duration.ofSeconds(1));
    LeasedRun failed = leased();
    recordAt(failed, Samples.NOW, 500, RETRY);
    recordAt(leased(), Samples.NOW.plusSeconds(60), 500, RETRY);
    assertThat(failingSince()).isEqualTo(Samples.NOW.toString());

    recordAt(leased(), Samples.NOW.plusSeconds(120), 200, new Next.End(RunStatus.COMPLETE));
    assertThat(failingSince()).isEqualTo("null");

    rows.addRun(ACME, 2, HOOK, Duration.ofSeconds(1));
    recordAt(leased(), Samples.NOW.plusSeconds(180), 500, RETRY);
    assertThat(failingSince()).isEqualTo(Samples.NOW.plusSeconds(180).toString());
  }

  private String failingSince() {
    return postgres.value(
        "select to_char(failing_since at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
            + " from webhook");
  }

  @Test
  void a_link_is_disabled_for_one_run_and_changes_the_rules_once() {
    Owed first = gone(1);
    Owed second = gone(2);

    assertThat(failures.disable(first)).isEqualTo(new Disabling.Done(OptionalLong.of(2)));
    assertThat(failures.disable(first)).isEqualTo(new Disabling.Done(OptionalLong.empty()));
    assertThat(failures.disable(second)).isEqualTo(new Disabling.NotOurs());
    assertThat(postgres.value("select enabled from integration_configuration")).isEqualTo("f");
    assertThat(postgres.value("select version from rule_set")).isEqualTo("2");
  }

  @Test
  void a_link_that_somebody_changed_or_enabled_since_is_not_disabled() {
    Owed first = gone(1);
    rows.run("update integration_configuration set dt_last_modified = clock_timestamp()");
    assertThat(failures.disable(first)).isEqualTo(new Disabling.NotOurs());

    Owed second = gone(2);
    failures.disable(second);
    new PgIntegrationConfigurations(postgres.database())
        .enable(new Author(ACME, "me", Instant.now()), new IntegrationId(HOOK.value()));
    assertThat(failures.disable(second)).isEqualTo(new Disabling.NotOurs());
    assertThat(postgres.value("select enabled from integration_configuration")).isEqualTo("t");
  }

  private Owed gone(int number) {
    rows.addRun(ACME, number, HOOK, Duration.ofSeconds(1));
    record(leased(), 410, new Next.End(RunStatus.DISABLED));
    return claim().getFirst();
  }

  private List<Owed> claim() {
    return failures.claim(null, 10, 10);
  }

  private DeliveryStore store() {
    return rows.store(pool, new UUID(9, 1), Duration.ofMinutes(1));
  }

  private LeasedRun leased() {
    return store().claimDue(1, Crowded.NOBODY).runs().getFirst();
  }

  private void record(LeasedRun run, @Nullable Integer status, Next next) {
    recordAt(run, Samples.NOW, status, next);
  }

  private void recordAt(LeasedRun run, Instant started, @Nullable Integer status, Next next) {
    String error = status != null && status == 200 ? null : "answered " + status;
    store()
        .record(
            List.of(new Attempted(run, started, Duration.ofMillis(5), status, error, null, next)));
  }
}
