package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import java.util.List;

/**
 * New runs, born leased to this node, for one instance of deliver.
 *
 * <p>If it is lost, the runs wait until their lease ends; then the sweep of any node claims them.
 */
public record RunsLeased(List<LeasedRun> runs) implements BusMessage {
  public RunsLeased {
    runs = List.copyOf(runs);
  }
}
