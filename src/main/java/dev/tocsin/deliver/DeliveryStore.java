package dev.tocsin.deliver;

import dev.tocsin.flow.LeasedRun;
import java.util.Collection;
import java.util.List;

/** Where integration runs are kept. Its clock decides when something is due. */
public interface DeliveryStore {
  /**
   * Leases runs that are due to this node: those whose retry has come, and those whose lease ran
   * out. Oldest first, at most so many; a run that another node claims at the same moment is left
   * to it. Runs that have nowhere to go any more (webhook deleted or switched off, link deleted or
   * disabled) end as {@code DISABLED}, and those whose event has expired as {@code ERROR}, of which
   * the customer is owed to be told; they are not returned.
   *
   * @param except those whose runs this node cannot take now, which are left where they are
   */
  Claim claimDue(int max, Crowded except);

  /**
   * What a claim brought.
   *
   * @param ended how many runs ended because they had nowhere to go or nothing to tell
   * @param expired how many of them, because their event has expired
   * @param taken how many runs were due and not another node's; more than were leased and ended if
   *     some could not be read, which stay leased and are tried again when the lease ends
   */
  record Claim(List<LeasedRun> runs, int ended, int expired, int taken) {
    public Claim {
      runs = List.copyOf(runs);
    }
  }

  /**
   * Writes down what came of attempts, in one transaction. An outcome whose fence is no longer the
   * run's is dropped: somebody else has the run by now. Writing the same outcome again is harmless.
   *
   * <p>Fails with {@link dev.tocsin.flow.StoreUnavailable} when nobody knows whether it is written,
   * as every method here does.
   *
   * @return the runs whose outcomes were dropped
   */
  List<LeasedRun> record(Collection<Attempted> attempts);

  /** Gives leased runs back unattempted, due at once, for whoever has room for them. */
  void release(Collection<LeasedRun> runs);
}
