package dev.tocsin.bridge;

import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * How many connections a node has: those for which a token was shown, in all and for each
 * organization, and beside them those of whom nobody knows whose they are. These cannot take the
 * places of the others, and the oldest goes for a new one: who has a token shows it at once.
 *
 * <p>Thread-safe.
 */
final class Seats {
  private final BridgeSettings settings;
  private final Counter refusedForOrganization;
  private final Counter refusedForServer;
  private final Map<OrganizationId, Integer> takenByOrganization = new HashMap<>();
  private int taken;

  /** What shows those without a token out, the oldest first. */
  private final SequencedSet<Runnable> strangers = new LinkedHashSet<>();

  /** What came of asking for a place with a token. */
  enum Sitting {
    SEATED,
    ORGANIZATION_FULL,
    SERVER_FULL
  }

  Seats(BridgeSettings settings, MeterRegistry meters) {
    this.settings = settings;
    this.refusedForOrganization =
        meters.counter("tocsin.bus.connections.refused", "scope", "organization");
    this.refusedForServer = meters.counter("tocsin.bus.connections.refused", "scope", "server");
    meters.gauge("tocsin.bus.connections", this, Seats::all);
  }

  /**
   * Takes a place among those without a token; answers whether it is worth it, as there are places
   * for those with one.
   *
   * @param showOut called on any thread when the place is given to another
   */
  boolean enter(Runnable showOut) {
    Runnable displaced = null;
    synchronized (this) {
      if (taken >= settings.connectionsMax()) {
        refusedForServer.increment();
        return false;
      }
      if (strangers.size() >= settings.withoutTokenMax()) {
        displaced = strangers.removeFirst();
      }
      strangers.add(showOut);
    }
    if (displaced != null) {
      displaced.run();
    }
    return true;
  }

  /** Takes a place of an organization's instead. */
  synchronized Sitting sit(OrganizationId organization, Runnable showOut) {
    if (takenByOrganization.getOrDefault(organization, 0) >= settings.perOrganizationMax()) {
      refusedForOrganization.increment();
      return Sitting.ORGANIZATION_FULL;
    }
    if (taken >= settings.connectionsMax()) {
      refusedForServer.increment();
      return Sitting.SERVER_FULL;
    }
    strangers.remove(showOut);
    taken++;
    takenByOrganization.merge(organization, 1, Integer::sum);
    return Sitting.SEATED;
  }

  /**
   * Gives back what was taken.
   *
   * @param organization null when it took no place of any
   */
  synchronized void leave(@Nullable OrganizationId organization, Runnable showOut) {
    if (organization == null) {
      strangers.remove(showOut);
    } else {
      taken--;
      takenByOrganization.computeIfPresent(
          organization, (same, count) -> count == 1 ? null : count - 1);
    }
  }

  private synchronized int all() {
    return taken + strangers.size();
  }
}
