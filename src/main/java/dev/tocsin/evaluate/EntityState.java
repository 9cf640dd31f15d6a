package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.Payload;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last known state of an entity.
 *
 * @param writer the event that wrote it
 * @param time that event's time; an older change does not overwrite the state
 * @param state null once the entity is deleted
 */
public record EntityState(EventId writer, Instant time, @Nullable Payload state) {
  public EntityState {
    Objects.requireNonNull(writer);
    Objects.requireNonNull(time);
  }
}
