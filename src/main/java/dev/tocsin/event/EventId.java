package dev.tocsin.event;

import java.time.Instant;
import java.util.UUID;

/**
 * The id of an event: a version 7 UUID (RFC 9562, section 5.7), so that ids sort by creation and
 * the creation time can be read back from the id. The time is the database's, not the node's.
 */
public record EventId(UUID value) {
  /** When the event was created, to the millisecond; what retention counts from. */
  public Instant created() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
