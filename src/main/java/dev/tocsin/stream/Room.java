package dev.tocsin.stream;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many subscriptions a node has, in all and for each organization.
 *
 * <p>Thread-safe.
 */
final class Room {
  private final StreamSettings settings;
  private final Counter refusedForOrganization;
  private final Counter refusedForServer;
  private final Map<OrganizationId, Integer> takenByOrganization = new HashMap<>();
  private int taken;

  Room(StreamSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.refusedForOrganization = meters.counter("tocsin.stream.refused", "scope", "organization");
    this.refusedForServer = meters.counter("tocsin.stream.refused", "scope", "server");
    meters.gauge("tocsin.stream.open", this, Room::taken);
  }

  /** Takes a place, which {@link #leave} gives back; answers whose bound that would break. */
  synchronized Opening.@Nullable Full enter(OrganizationId organization) {
    if (takenByOrganization.getOrDefault(organization, 0) >= settings.perOrganizationMax()) {
      refusedForOrganization.increment();
      return new Opening.Full(Opening.Full.Scope.ORGANIZATION);
    }
    if (taken >= settings.streamsMax()) {
      refusedForServer.increment();
      return new Opening.Full(Opening.Full.Scope.SERVER);
    }
    takenByOrganization.merge(organization, 1, Integer::sum);
    taken++;
    return null;
  }

  synchronized void leave(OrganizationId organization) {
    takenByOrganization.computeIfPresent(
        organization, (same, count) -> count == 1 ? null : count - 1);
    taken--;
  }

  private synchronized int taken() {
    return taken;
  }
}
