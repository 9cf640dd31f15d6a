package dev.tocsin.bridge;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a node has, in all, and for each organization that showed a token on them.
 *
 * <p>Thread-safe.
 */
final class Seats {
  private final BridgeSettings settings;
  private final Counter refusedForOrganization;
  private final Counter refusedForServer;
  private final Map<OrganizationId, Integer> takenByOrganization = new HashMap<>();
  private int taken;

  Seats(BridgeSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.refusedForOrganization =
        meters.counter("tocsin.bus.connections.refused", "scope", "organization");
    this.refusedForServer = meters.counter("tocsin.bus.connections.refused", "scope", "server");
    meters.gauge("tocsin.bus.connections", this, Seats::taken);
  }

  /** Takes a place on the node, which {@link #leave} gives back; answers whether there is one. */
  synchronized boolean enter() {
    if (taken >= settings.connectionsMax()) {
      refusedForServer.increment();
      return false;
    }
    taken++;
    return true;
  }

  /** Takes a place of an organization's as well. */
  synchronized boolean sit(OrganizationId organization) {
    if (takenByOrganization.getOrDefault(organization, 0) >= settings.perOrganizationMax()) {
      refusedForOrganization.increment();
      return false;
    }
    takenByOrganization.merge(organization, 1, Integer::sum);
    return true;
  }

  /**
   * Gives both back.
   *
   * @param organization null when it took none of any
   */
  synchronized void leave(@Nullable OrganizationId organization) {
    taken--;
    if (organization != null) {
      takenByOrganization.computeIfPresent(
          organization, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  private synchronized int taken() {
    return taken;
  }
}
