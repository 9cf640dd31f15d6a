package dev.tocsin.app;

import dev.tocsin.bus.Bus;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.RunsLeased;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hands leased runs to the instances of deliver on this node, each webhook's to its own. */
record BusHandover(Bus bus, int instances) {
  void handOver(List<LeasedRun> runs) {
    Map<Integer, List<LeasedRun>> byInstance = new HashMap<>();
    for (LeasedRun run : runs) {
      byInstance
          .computeIfAbsent(
              Flow.instanceOf(run.destination().id(), instances), instance -> new ArrayList<>())
          .add(run);
    }
    byInstance.forEach(
        (instance, theirs) -> bus.send(Flow.RUNS_LEASED.of(instance), new RunsLeased(theirs)));
  }
}
