package dev.tocsin.app;

import dev.tocsin.bus.Bus;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.EventsStored;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.Settlement.Fired;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A ledger that tells of each commit whose events it stored. What a commit stored whose outcome was
 * lost, is found without.
 */
record AnnouncingLedger(Ledger ledger, Bus bus) implements Ledger {
  @Override
  public Committed commit(
      List<Judged> events, Map<OrganizationId, Long> ruleSetVersions, Set<OrganizationId> held) {
    Committed committed = ledger.commit(events, ruleSetVersions, held);
    Set<OrganizationId> organizations = new HashSet<>();
    for (int i = 0; i < events.size(); i++) {
      if (committed.verdicts().get(i) instanceof Verdict.Stored) {
        organizations.add(events.get(i).organization());
      }
    }
    if (!organizations.isEmpty()) {
      bus.ring(Flow.EVENTS_STORED, new EventsStored(organizations));
    }
    return committed;
  }

  @Override
  public Collection<EventId> stored(OrganizationId organization, Collection<EventId> events) {
    return ledger.stored(organization, events);
  }

  @Override
  public Map<EventId, List<Fired>> notifications(
      OrganizationId organization, Collection<EventId> events) {
    return ledger.notifications(organization, events);
  }

  @Override
  public Map<IdempotencyKey, EventId> firsts(
      OrganizationId organization, Collection<IdempotencyKey> keys) {
    return ledger.firsts(organization, keys);
  }

  @Override
  public Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> events) {
    return ledger.names(organization, events);
  }
}
