package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;

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
}
