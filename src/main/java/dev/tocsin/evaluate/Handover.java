package dev.tocsin.evaluate;

import dev.tocsin.flow.LeasedRun;
import java.util.List;

/** Takes the deliveries that begin with a commit, already leased to this node. */
@FunctionalInterface
public interface Handover {
  /**
   * Passes them on without waiting. One that gets lost is found by the sweep of deliver when its
   * lease ends.
   */
  void handOver(List<LeasedRun> runs);
}
