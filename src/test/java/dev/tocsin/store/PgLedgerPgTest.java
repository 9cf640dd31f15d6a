package dev.tocsin.store;

import dev.tocsin.evaluate.EntityStates;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.LedgerContract;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgLedgerPgTest extends LedgerContract {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  @Override
  protected Ledger ledger() {
    return new PgLedger(
        postgres.open("ledger", PgLedger.SESSION),
        Duration.ofDays(28),
        () -> Samples.NOW,
        new UUID(9, 9),
        Samples.LEASE);
  }

  @Override
  protected EntityStates states() {
    return new PgEntityStates(postgres.open("ledger", PgLedger.SESSION));
  }

  @Override
  protected void create(OrganizationId organization) {
    postgres.createOrganization(organization.toString());
  }

  @Override
  protected void changeRules(OrganizationId organization) {
    postgres.execute(
        "update rule_set set version = version + 1 where organization_id = '" + organization + "'");
  }
}
