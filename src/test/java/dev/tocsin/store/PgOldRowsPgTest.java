package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.OldRows.Deleted;
import dev.tocsin.expire.OldRows.Keeping;
import dev.tocsin.webhook.WebhookId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What organizations with a retention of their own no longer have is deleted, in batches. */
class PgOldRowsPgTest {
  private static final WebhookId HOOK = webhook(1);
  private static final List<String> TABLES =
      List.of(
          "event",
          "notification",
          "integration_run",
          "integration_run_attempt",
          "integration_failure");

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private Instant now = NOW.plus(Duration.ofDays(7)).plusMillis(1);
  private DeliveryRows rows;
  private Database reads;
  private Database delivery;
  private PgOldRows old;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    reads = postgres.open("events", PgEvents.SESSION);
    delivery = postgres.open("delivery", PgDeliveryStore.SESSION);
    old = new PgOldRows(reads, delivery, new Retention(() -> now, 28));
    rows.addWebhook(ACME, Samples.destination(HOOK));
    rows.addWebhook(BOLT, Samples.destination(webhook(2)));
    rows.run("update organization set retention_days = 7 where id = ?", ACME.value());
  }

  @AfterEach
  void close() throws SQLException {
    reads.close();
    delivery.close();
    rows.close();
  }

  /**
   * Runs with even numbers were made, with their events, at {@link Samples#NOW}, odd ones a day
   * later.
   */
  private void add(OrganizationId organization, WebhookId webhook, int... numbers) {
    IntStream.of(numbers)
        .forEach(number -> {
          rows.addRun(organization, number, webhook, Duration.ofSeconds(1));
          rows.run(
              "insert into integration_run_attempt values (?, ?, 1, now(), 1, 500, 'no', 'body')",
              organization.value(),
              Samples.run(number).value());
          rows.run(
              "insert into integration_failure values (?, ?, 'perform', 1, 'ERROR', 500, 'no', now(),"
                  + " null)",
              organization.value(),
              Samples.run(number).value());
        });
    rows.run("update integration_run set due_at = null, dt_completed = now(), leased_by = null");
  }

  @Test
  void those_are_found_that_keep_for_less_than_the_server() {
    assertThat(old.organizations(null, 10)).containsExactly(new Keeping(ACME, 7));
    rows.run("update organization set retention_days = 8 where id = ?", BOLT.value());
    assertThat(old.organizations(null, 1)).containsExactly(new Keeping(ACME, 7));
    assertThat(old.organizations(ACME, 1)).containsExactly(new Keeping(BOLT, 8));
    assertThat(old.organizations(BOLT, 1)).isEmpty();
  }

  @Test
  void what_has_expired_is_deleted_from_every_table_and_nothing_else_is() {
    add(ACME, HOOK, 2, 3);
    add(BOLT, webhook(2), 4);

    assertThat(old.deleteSome(new Keeping(ACME, 7), 10)).isEqualTo(new Deleted(3, false));

    for (String table : TABLES) {
      assertThat(count(table, ACME)).as(table).isEqualTo(1);
      assertThat(count(table, BOLT)).as(table).isEqualTo(1);
    }
    assertThat(old.deleteSome(new Keeping(ACME, 7), 10)).isEqualTo(new Deleted(0, false));
  }

  @Test
  void nothing_is_deleted_in_the_last_millisecond_that_it_is_there() {
    add(ACME, HOOK, 2);
    now = NOW.plus(Duration.ofDays(7));

    assertThat(old.deleteSome(new Keeping(ACME, 7), 10)).isEqualTo(new Deleted(0, false));
  }

  @Test
  void many_rows_are_deleted_in_transactions_of_few_the_oldest_first() {
    add(ACME, HOOK, IntStream.rangeClosed(1, 7).map(n -> n * 2).toArray());

    assertThat(old.deleteSome(new Keeping(ACME, 7), 3)).isEqualTo(new Deleted(9, true));
    assertThat(count("event", ACME)).isEqualTo(4);
    assertThat(old.deleteSome(new Keeping(ACME, 7), 3)).isEqualTo(new Deleted(9, true));
    assertThat(old.deleteSome(new Keeping(ACME, 7), 3)).isEqualTo(new Deleted(3, false));
    TABLES.forEach(table -> assertThat(count(table, ACME)).as(table).isZero());
  }

  @Test
  void a_run_goes_with_its_event_however_late_it_was_made_and_its_attempts_with_it() {
    add(ACME, HOOK, 2);
    rows.run(
        "update integration_run_attempt set run_id = ? where organization_id = ?",
        Samples.id(1, 70, 1),
        ACME.value());
    rows.run(
        "update integration_run set id = ? where organization_id = ?",
        Samples.id(1, 70, 1),
        ACME.value());

    old.deleteSome(new Keeping(ACME, 7), 10);

    assertThat(count("integration_run", ACME)).isZero();
    assertThat(count("integration_run_attempt", ACME)).isZero();
  }

  @Test
  void what_waits_or_is_yet_to_be_told_stays_until_it_ended_and_was_told() {
    add(ACME, HOOK, 2, 4);
    rows.run(
        "update integration_run set due_at = now(), dt_completed = null where id = ?",
        Samples.run(2).value());
    rows.run(
        "update integration_failure set tell_at = now() where run_id = ?", Samples.run(4).value());

    old.deleteSome(new Keeping(ACME, 7), 10);
    assertThat(count("integration_run", ACME)).isEqualTo(2);
    assertThat(count("event", ACME)).isZero();

    rows.run("update integration_run set due_at = null, dt_completed = now()");
    rows.run("update integration_failure set tell_at = null");
    old.deleteSome(new Keeping(ACME, 7), 10);
    assertThat(count("integration_run", ACME)).isZero();
    assertThat(count("integration_failure", ACME)).isZero();
  }

  private int count(String table, OrganizationId organization) {
    return Integer.parseInt(
        postgres.value(
            "select count(*) from " + table + " where organization_id = '" + organization + "'"));
  }
}
