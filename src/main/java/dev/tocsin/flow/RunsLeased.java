package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Runs that are leased to this node, new or claimed by its sweep, for one instance of deliver.
 *
 * <p>If it is lost, the runs wait until their lease ends; then the sweep of any node claims them.
 */
public record RunsLeased(List<LeasedRun> runs) implements BusMessage {
  public RunsLeased {
    runs = List.copyOf(runs);
  }

  /** A message for each instance, out of so many, whose webhooks are among the runs. */
  public static Map<Integer, RunsLeased> byInstance(List<LeasedRun> runs, int instances) {
    Map<Integer, List<LeasedRun>> shares = new TreeMap<>();
    for (LeasedRun run : runs) {
      int instance = Flow.instanceOf(run.destination().id(), instances);
      shares.computeIfAbsent(instance, number -> new ArrayList<>()).add(run);
    }
    Map<Integer, RunsLeased> messages = new TreeMap<>();
    shares.forEach((instance, share) -> messages.put(instance, new RunsLeased(share)));
    return messages;
  }
}
