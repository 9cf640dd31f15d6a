package dev.tocsin.evaluate;

import dev.tocsin.event.OrganizationId;
import java.util.function.Consumer;

/** Where rule sets are kept. */
public interface RuleSets extends RuleSource {
  /**
   * Does some work while an organization's rules do not change: whoever changes them waits until it
   * is done. Changes that wait already go first. This is for fairness alone: if the store loses the
   * lock, rules may change, and a commit notices that as ever.
   *
   * @param work is given where to read meanwhile, and may take as long as a change can wait
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  void hold(OrganizationId organization, Consumer<RuleSource> work);
}
