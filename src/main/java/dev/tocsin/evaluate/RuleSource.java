package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Where rule sets are read. */
public interface RuleSource {
  /**
   * The current rule set of each organization, each as of a single moment. An organization that
   * does not exist is missing from the answer.
   *
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations);

  /**
   * What changed since a version; empty when nobody can say any more, because it was too long ago
   * or the organization does not exist.
   *
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  Optional<RuleSetChanges> changesSince(OrganizationId organization, long version);
}
