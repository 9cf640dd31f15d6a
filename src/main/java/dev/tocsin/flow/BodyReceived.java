package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/**
 * The body of a request to store events, from a caller whose right to do so is established.
 * Answered by {@link IngestAnswer}.
 *
 * <p>If it or its answer is lost, the client gets no acknowledgement, and sends again.
 *
 * @param form what the body is to be read as
 * @param body UTF-8 JSON; never written to after sending, since it is not copied
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copying 5 MiB would be waste
public record BodyReceived(OrganizationId organization, BodyForm form, byte[] body)
    implements BusMessage {
  public BodyReceived {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(form);
    Objects.requireNonNull(body);
  }
}
