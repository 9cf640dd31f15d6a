package dev.tocsin.evaluate;

import java.util.Collection;

/** Where what rules did is kept, by day. */
@FunctionalInterface
public interface RuleCountStore {
  /**
   * Adds to what is kept. Counts of rules that do not exist any more are passed over.
   *
   * <p>Fails with {@link dev.tocsin.flow.StoreUnavailable} when it is not known to be done.
   *
   * @param counts a rule and day stands among them once
   */
  void add(Collection<RuleCounts> counts);
}
