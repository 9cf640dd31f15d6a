package dev.tocsin.event;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a calculation may see of an event: when it happened and the entity's state on both sides.
 *
 * @param time the event's time, which is also what {@code now()} means in a calculation
 * @param after the state that {@code new.} reads; null when the entity was deleted
 * @param before the state that {@code old.} reads; null when it was created or is not known
 */
public record Change(Instant time, @Nullable Payload after, @Nullable Payload before) {
  public Change {
    Objects.requireNonNull(time);
  }
}
