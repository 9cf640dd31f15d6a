package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.deliver.DeliveryStoreContract;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgDeliveryStorePgTest extends DeliveryStoreContract {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @SuppressWarnings("NullAway.Init") // set before each test
  private DeliveryRows rows;

  @SuppressWarnings("NullAway.Init") // set before each test
  private Database pool;

  @BeforeEach
  void open() {
    rows = new DeliveryRows(postgres);
    pool = postgres.open("delivery", PgDeliveryStore.SESSION);
  }

  @AfterEach
  void close() throws SQLException {
    pool.close();
    rows.close();
  }

  @Test
  void a_webhook_whose_credentials_do_not_open_keeps_no_other_waiting() {
    WebhookId broken = Samples.webhook(1);
    WebhookId sound = Samples.webhook(2);
    add(Samples.ACME, 1, broken, Duration.ofSeconds(2));
    add(Samples.ACME, 2, sound, Duration.ofSeconds(1));
    rows.run(
        "update webhook set credentials_sealed = ? where id = ?", new byte[20], broken.value());

    DeliveryStore.Claim claim = store().claimDue(10, Crowded.NOBODY);

    assertThat(claim.runs()).extracting(LeasedRun::id).containsExactly(Samples.run(2));
    assertThat(claim.ended()).isZero();
    assertThat(claim.taken()).isEqualTo(2);
    assertThat(kept(Samples.ACME, Samples.run(1)).status()).isEqualTo(RunStatus.STARTED);
  }

  @Override
  protected DeliveryStore store() {
    return rows.store(pool, new UUID(9, 1), LEASE);
  }

  @Override
  protected DeliveryStore otherStore() {
    return rows.store(pool, new UUID(9, 2), LEASE);
  }

  @Override
  protected void add(OrganizationId organization, int run, WebhookId webhook, Duration ago) {
    rows.addWebhook(organization, Samples.destination(webhook));
    rows.addRun(organization, run, webhook, ago);
  }

  @Override
  protected void switchOff(WebhookId webhook) {
    rows.run("update webhook set active = false where id = ?", webhook.value());
  }

  @Override
  protected void unlink(WebhookId webhook) {
    rows.run("delete from integration_configuration where destination_id = ?", webhook.toString());
  }

  @Override
  protected void demandMapping(WebhookId webhook) {
    rows.run(
        "update integration_configuration set config_data = ?::json where destination_id = ?",
        "{\"accountMappingRequired\":true,\"accountMappings\":{\"account-2\":\"a2\"}}",
        webhook.toString());
  }

  @Override
  protected void dropEvent(OrganizationId organization, RunId run) {
    rows.run(
        "delete from event where organization_id = ? and id = (select cause_event_id"
            + " from integration_run r where r.organization_id = event.organization_id"
            + " and r.id = ?)",
        organization.value(),
        run.value());
  }

  @Override
  protected void makeDue(OrganizationId organization, RunId run) {
    rows.run(
        "update integration_run set due_at = clock_timestamp() where organization_id = ? and id = ?",
        organization.value(),
        run.value());
  }

  @Override
  protected Kept kept(OrganizationId organization, RunId run) {
    return rows.kept(organization, run);
  }
}
