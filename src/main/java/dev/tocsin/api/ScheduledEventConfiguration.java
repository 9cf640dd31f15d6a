package dev.tocsin.api;

import dev.tocsin.event.EventName;
import java.util.Objects;
import java.util.UUID;

/**
 * A scheduled event configuration as the API shows it: it makes its name an event type.
 *
 * @param inFile whether a configuration file declares it, which alone changes it then
 */
public record ScheduledEventConfiguration(UUID id, Content content, boolean inFile, Audit audit) {
  public ScheduledEventConfiguration {
    Objects.requireNonNull(id);
    Objects.requireNonNull(content);
    Objects.requireNonNull(audit);
  }

  /**
   * What its author decides.
   *
   * @param name of the event, as {@code scheduled.bill.endDateEvent}
   * @param entity whose date it is about, as {@code Bill}
   * @param field that date
   * @param offset how many days after the date, or before it, when negative
   */
  public record Content(EventName name, String entity, String field, int offset) {
    public Content {
      Objects.requireNonNull(name);
      Objects.requireNonNull(entity);
      Objects.requireNonNull(field);
    }
  }
}
