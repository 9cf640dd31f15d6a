package dev.tocsin.catalog;

import dev.tocsin.event.ChangeNames;
import java.util.Objects;

/**
 * The event types that tell of the changes of an entity.
 *
 * @param entity as the catalog names it
 */
public record EntityChanges(
    String entity, EventType created, EventType updated, EventType deleted) {
  public EntityChanges {
    Objects.requireNonNull(entity);
    Objects.requireNonNull(created);
    Objects.requireNonNull(updated);
    Objects.requireNonNull(deleted);
  }

  /** What they are named. */
  public ChangeNames names() {
    return new ChangeNames(created.name(), updated.name(), deleted.name());
  }
}
