package dev.tocsin.evaluate;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.List;

class MemoryArmingTest extends ArmingContract {
  private final MemoryLedger ledger = new MemoryLedger();

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected void create(OrganizationId organization) {
    ledger.put(organization, Samples.rules(1));
  }

  @Override
  protected void now(Instant moment) {
    ledger.now(moment);
  }

  @Override
  protected void fireDue() {
    ledger.fireDue();
  }

  @Override
  protected List<String> appointments(OrganizationId organization, EntityRef entity) {
    return ledger.appointments(new EntityKey(organization, entity));
  }
}
