package dev.tocsin.store;

import dev.tocsin.evaluate.ArmingContract;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgArmingPgTest extends ArmingContract {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private Instant now = Samples.NOW;
  private Ledger ledger;

  @BeforeEach
  void open() {
    ledger =
        new PgLedger(
            postgres.open("ledger", PgLedger.SESSION),
            Duration.ofDays(28),
            () -> now,
            new UUID(9, 9),
            Samples.LEASE,
            Samples.LATE_WINDOW);
  }

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected void create(OrganizationId organization) {
    postgres.createOrganization(organization.toString());
  }

  @Override
  protected void now(Instant moment) {
    now = moment;
  }

  @Override
  protected void fireDue() {
    postgres.execute(
        "update scheduled_due set outcome = 'FIRED', dt_ended = '%s' where due_at <= '%s'"
            .formatted(now, now));
  }

  @Override
  protected List<String> appointments(OrganizationId organization, EntityRef entity) {
    return postgres.texts(
        """
        select concat_ws(' ', ltrim(right(configuration_id::text, 12), '0'),
          to_json(due_at at time zone 'UTC') #>> '{}' || 'Z', arming, value, outcome)
        from scheduled_due where organization_id = '%s' and entity_id = '%s' order by 1
        """
            .formatted(organization, entity.id()));
  }
}
