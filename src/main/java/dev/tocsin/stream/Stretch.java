package dev.tocsin.stream;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events behind a place, as far as they may be passed.
 *
 * @param events in their order
 * @param hasMore whether further ones may be passed already
 * @param heldSince when the earliest event was made that is there and may not be passed, since one
 *     that comes before it may still be stored; null when there is none
 */
public record Stretch(List<Placed> events, boolean hasMore, @Nullable Instant heldSince) {
  public Stretch {
    events = List.copyOf(events);
  }

  /**
   * The place behind these events. What is held is behind it too, and may have been made long ago.
   *
   * @param from the place they were read from
   * @param now when they were read
   */
  public Position end(Position from, Instant now) {
    Position end = events.isEmpty() ? from : events.getLast().position();
    return hasMore || heldSince != null ? end : new Position(end.transaction(), end.id(), now);
  }
}
