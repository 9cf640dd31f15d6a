package dev.tocsin.deliver;

import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.Set;

/** A store, with faults to come between it and the caller. */
final class FaultyDeliveryStore implements DeliveryStore {
  private final DeliveryStore store;
  private final Queue<RuntimeException> faults = new ArrayDeque<>();
  private Set<RunId> refused = Set.of();

  FaultyDeliveryStore(DeliveryStore store) {
    this.store = store;
  }

  /** Fails once more, the next time that nothing else is to fail. */
  void fail(RuntimeException fault) {
    faults.add(fault);
  }

  /** Refuses every batch with this run. */
  void refuse(RunId run) {
    refused = Set.of(run);
  }

  private void failIfTold() {
    RuntimeException fault = faults.poll();
    if (fault != null) {
      throw fault;
    }
  }

  @Override
  public Claim claimDue(int max, Crowded except) {
    failIfTold();
    return store.claimDue(max, except);
  }

  @Override
  public List<LeasedRun> record(Collection<Attempted> attempts) {
    failIfTold();
    if (attempts.stream().anyMatch(attempted -> refused.contains(attempted.run().id()))) {
      throw new IllegalStateException("a text that cannot be stored");
    }
    return store.record(attempts);
  }

  @Override
  public void release(Collection<LeasedRun> released) {
    failIfTold();
    store.release(released);
  }
}
