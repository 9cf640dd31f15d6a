package dev.tocsin.catalog;

import dev.tocsin.event.EventName;
import java.util.Objects;

/**
 * The event that a scheduled event configuration makes an event type.
 *
 * @param name as {@code scheduled.bill.endDateEvent}
 * @param entity whose date it is about, as {@code Bill}
 * @param field that date
 */
public record ScheduledName(EventName name, String entity, String field) {
  /** What every such name begins with. */
  public static final String FAMILY = "scheduled";

  public ScheduledName {
    Objects.requireNonNull(name);
    Objects.requireNonNull(entity);
    Objects.requireNonNull(field);
  }
}
