package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/**
 * What callers of an organization may do has changed: a policy, a service user or an access key.
 *
 * <p>A node that it does not reach goes by what it remembers until that is over ({@code
 * access.remembered}, 5 seconds).
 */
public record AccessChanged(OrganizationId organization) implements BusMessage {
  public AccessChanged {
    Objects.requireNonNull(organization);
  }
}
