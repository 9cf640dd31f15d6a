package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Valid events of one request, for the instance of evaluate that has the organization's actor.
 * Answered by {@link EventsSettled} when each of them is stored or known not to be.
 *
 * <p>If it or its answer is lost, the client gets no acknowledgement, and sends again.
 *
 * @param deadline when nobody waits for the answer any more
 */
public record EventsAccepted(
    OrganizationId organization, List<IncomingEvent> events, Instant deadline)
    implements BusMessage {
  public EventsAccepted {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(deadline);
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a request without events needs no evaluation");
    }
  }
}
