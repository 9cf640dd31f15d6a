package dev.tocsin.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An event as it is kept, read and sent on.
 *
 * @param time when the change happened, as its sender says
 * @param resourceId the id of the entity the event is about
 * @param accountId the account the event belongs to; an Account's own id for its own events
 * @param after the entity's new state as JSON text, exactly as received; null when it was deleted
 * @param before the entity's old state likewise; null when it was created or is not known
 * @param actioned when somebody marked the event as dealt with
 */
public record StoredEvent(
    OrganizationId organization,
    EventId id,
    EventName name,
    Category category,
    Instant time,
    @Nullable String resourceId,
    @Nullable String accountId,
    @Nullable String after,
    @Nullable String before,
    @Nullable Instant actioned) {
  public StoredEvent {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(id);
    Objects.requireNonNull(name);
    Objects.requireNonNull(category);
    Objects.requireNonNull(time);
  }
}
