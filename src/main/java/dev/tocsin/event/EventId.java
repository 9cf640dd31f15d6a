package dev.tocsin.event;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * The id of an event: a version 7 UUID (RFC 9562, section 5.7), so that ids sort by creation and
 * the creation time can be read back from the id. The time is the database's, not the node's.
 */
public record EventId(UUID value) {
  /** The last moment that fits into an id, in the year 10889. */
  private static final Instant LAST = Instant.ofEpochMilli((1L << 48) - 1);

  /** Above every id there can be: ids have their version in the middle. */
  public static final EventId ABOVE_ALL = new EventId(new UUID(-1, -1));

  /** The smallest id that an event can have that was created at this moment or later. */
  public static EventId floor(Instant created) {
    if (created.isBefore(Instant.EPOCH)) {
      return new EventId(new UUID(0, 0));
    }
    if (created.isAfter(LAST)) {
      return new EventId(new UUID(LAST.toEpochMilli() << 16, 0));
    }
    Instant millis = created.truncatedTo(ChronoUnit.MILLIS);
    long epochMillis = millis.toEpochMilli() + (millis.equals(created) ? 0 : 1);
    return new EventId(new UUID(epochMillis << 16, 0));
  }

  /** When the event was created, to the millisecond; what retention counts from. */
  public Instant created() {
    return Instant.ofEpochMilli(value.getMostSignificantBits() >>> 16);
  }

  /** Whether this id is lower than another, in the order that the database has: without a sign. */
  public boolean isBefore(EventId other) {
    int order =
        Long.compareUnsigned(value.getMostSignificantBits(), other.value.getMostSignificantBits());
    return order == 0
        ? Long.compareUnsigned(
                value.getLeastSignificantBits(), other.value.getLeastSignificantBits())
            < 0
        : order < 0;
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
