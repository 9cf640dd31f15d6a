package dev.tocsin.flow;

import dev.tocsin.bus.BusMessage;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state that an entity has, or that it is gone, from a caller who may say so and be told what
 * that changed. Answered by {@link IngestAnswer}.
 *
 * <p>If it or its answer is lost, the client gets no acknowledgement, and sends again.
 *
 * @param entity the entity type, as the client spells it
 * @param id the entity's own id
 * @param body the state, UTF-8 JSON, never written to after sending; null when the entity is gone
 * @param time when that was, as the client wrote it; null when it did not say
 * @param key by what the client wants a repetition to be recognised; null when it did not say
 * @param suggests whether the caller may hear what entities are called
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, and copying it would be waste
public record StateReceived(
    OrganizationId organization,
    String entity,
    String id,
    byte @Nullable [] body,
    @Nullable String time,
    @Nullable String key,
    boolean suggests)
    implements BusMessage {
  public StateReceived {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(entity);
    Objects.requireNonNull(id);
  }

  /** An entity that is gone. */
  public StateReceived(
      OrganizationId organization,
      String entity,
      String id,
      @Nullable String time,
      @Nullable String key,
      boolean suggests) {
    this(organization, entity, id, null, time, key, suggests);
  }
}
