package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Objects;

/**
 * Events that a stage of this server makes, on the road that every event takes. Answered by {@link
 * IngestAnswer}, as a client's are.
 *
 * <p>If it or its answer is lost, its maker sends it again: each event has an idempotency key, so
 * that none of them is stored twice.
 */
public record EventsProduced(OrganizationId organization, List<IncomingEvent> events)
    implements BusMessage {
  public EventsProduced {
    Objects.requireNonNull(organization);
    events = List.copyOf(events);
    for (IncomingEvent event : events) {
      Objects.requireNonNull(event.key(), "a produced event has a key");
    }
  }
}
