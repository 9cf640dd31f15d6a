package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.Map;

/** Where rule sets are kept. */
public interface RuleSets {
  /**
   * The current rule set of each organization, each as of a single moment. An organization that
   * does not exist is missing from the answer.
   *
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  Map<OrganizationId, RuleSet> load(Collection<OrganizationId> organizations);
}
