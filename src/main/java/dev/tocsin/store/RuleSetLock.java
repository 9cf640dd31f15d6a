package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The advisory locks that let rule changes wait in line with commits: a commit takes its
 * organizations' stripes shared, a change of rules takes its organization's stripe exclusively.
 *
 * <p>Striped, so that a commit over a thousand organizations takes no more locks than there are
 * stripes; two organizations of one stripe only ever wait for each other's rule changes.
 */
final class RuleSetLock {
  /** The first key of the two-key form; the second is the stripe. Statements spell it out. */
  static final int NAMESPACE = 461905;

  static final int STRIPES = 64;

  private RuleSetLock() {}

  static int stripe(OrganizationId organization) {
    return Math.floorMod(organization.value().hashCode(), STRIPES);
  }

  /**
   * The stripes that a commit over these organizations has to take. Not one that another session of
   * ours holds for it: a change that waits for that session stands in line before us.
   */
  static Integer[] stripes(
      Collection<OrganizationId> organizations, Collection<OrganizationId> held) {
    Set<Integer> stripes = new TreeSet<>();
    organizations.forEach(organization -> stripes.add(stripe(organization)));
    held.forEach(organization -> stripes.remove(stripe(organization)));
    return stripes.toArray(Integer[]::new);
  }
}
