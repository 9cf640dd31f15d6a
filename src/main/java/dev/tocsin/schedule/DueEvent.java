package dev.tocsin.schedule;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A scheduled event that is due.
 *
 * @param configuration the scheduled event configuration that it is of, with its entity and due
 *     time what makes it one
 * @param name what the event is named
 * @param field of the entity, which has the date
 * @param value that date, as the state had it that made the appointment
 * @param offset how many days after the date, or before it when negative
 * @param armed when the appointment was made
 * @param state of the entity, as JSON
 */
public record DueEvent(
    OrganizationId organization,
    UUID configuration,
    EventName name,
    EntityRef entity,
    String field,
    String value,
    int offset,
    Instant due,
    Instant armed,
    String state) {
  public DueEvent {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(configuration);
    Objects.requireNonNull(name);
    Objects.requireNonNull(entity);
    Objects.requireNonNull(field);
    Objects.requireNonNull(value);
    Objects.requireNonNull(due);
    Objects.requireNonNull(armed);
    Objects.requireNonNull(state);
  }

  /** Whether it was due before anybody could know of it: what has fired it then is not late. */
  boolean cameLate() {
    return armed.isAfter(due);
  }
}
