package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Settlement.Fired;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/** The one place where events become durable, each together with everything it sets off. */
public interface Ledger {
  /**
   * Commits events in one transaction. An event is stored only if the rule set it was judged by and
   * the entity state it assumed are still current and its key is unused; those that fail one of
   * these leave no trace, and the others are stored all the same. Where an event's state becomes
   * the entity's, so do its appointments; others of the entity go, except, while there is an
   * entity, those that are due and did not fire yet.
   *
   * @param ruleSetVersions the version by which the events of each organization were judged
   * @param held organizations whose rules this node {@linkplain RuleSets#hold holds}: their changes
   *     wait for this commit, so it does not wait for them
   * @throws LedgerException when nothing was stored, or nobody can say whether it was
   */
  Committed commit(
      List<Judged> events, Map<OrganizationId, Long> ruleSetVersions, Set<OrganizationId> held);

  /**
   * What a commit came to.
   *
   * @param verdicts one for each event, in their order
   * @param leaseEnd until when the deliveries that began belong to this node, at least
   * @param skipped appointments that were due too long ago when they were made
   */
  record Committed(List<Verdict> verdicts, Instant leaseEnd, List<Skipped> skipped) {
    public Committed {
      verdicts = List.copyOf(verdicts);
      Objects.requireNonNull(leaseEnd);
      skipped = List.copyOf(skipped);
    }
  }

  /** An appointment that was due too long ago when it was made: it is there, and never fires. */
  record Skipped(OrganizationId organization, UUID configuration, String entityId, Instant due) {
    public Skipped {
      Objects.requireNonNull(organization);
      Objects.requireNonNull(configuration);
      Objects.requireNonNull(entityId);
      Objects.requireNonNull(due);
    }
  }

  /** The events that were stored with these idempotency keys; a key that is unused is missing. */
  Map<IdempotencyKey, EventId> firsts(OrganizationId organization, Collection<IdempotencyKey> keys);

  /** What these stored events are named. */
  Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> events);

  /** Which of these events are stored: what to ask after a commit whose outcome was lost. */
  Collection<EventId> stored(OrganizationId organization, Collection<EventId> events);

  /** The notifications that each of these stored events set off. */
  Map<EventId, List<Fired>> notifications(OrganizationId organization, Collection<EventId> events);
}
