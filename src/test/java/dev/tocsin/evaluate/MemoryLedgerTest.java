package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.util.List;

class MemoryLedgerTest extends LedgerContract {
  private final MemoryLedger ledger = new MemoryLedger();

  @Override
  protected Ledger ledger() {
    return ledger;
  }

  @Override
  protected EntityStates states() {
    return ledger;
  }

  @Override
  protected void create(OrganizationId organization) {
    ledger.put(organization, Samples.rules(1));
  }

  @Override
  protected void changeRules(OrganizationId organization) {
    long version = ledger.load(List.of(organization)).values().iterator().next().version();
    ledger.put(organization, Samples.rules(version + 1));
  }
}
