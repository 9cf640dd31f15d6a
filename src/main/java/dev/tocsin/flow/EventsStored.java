package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.OrganizationId;
import java.util.Set;

/**
 * A commit stored events of these organizations.
 *
 * <p>If it is lost, whoever follows their events finds them with his next look ({@code
 * stream.pollEvery}, a second).
 */
public record EventsStored(Set<OrganizationId> organizations) implements BusMessage {
  public EventsStored {
    organizations = Set.copyOf(organizations);
  }
}
