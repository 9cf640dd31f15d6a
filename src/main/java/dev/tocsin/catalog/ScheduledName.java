package dev.tocsin.catalog;

import dev.tocsin.event.EventName;
import java.util.Map;
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

  /** What its events have besides the fields of the entity: what they are about. */
  public static final Map<String, FieldType> FIELDS =
      Map.of(
          "scheduled", FieldType.MAP,
          "scheduled.configurationId", FieldType.STRING,
          "scheduled.entity", FieldType.STRING,
          "scheduled.field", FieldType.STRING,
          "scheduled.value", FieldType.STRING,
          "scheduled.offset", FieldType.INT,
          "scheduled.due", FieldType.DATE_TIME);

  public ScheduledName {
    Objects.requireNonNull(name);
    Objects.requireNonNull(entity);
    Objects.requireNonNull(field);
  }
}
