package dev.tocsin.stream;

import dev.tocsin.event.EventId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/**
 * A place in the order in which an organization's events are followed: behind all events of earlier
 * transactions, and behind those of this one up to an id.
 *
 * @param since when that was; events of later transactions were made not long before it, or later
 */
public record Position(long transaction, EventId id, Instant since) {
  /** Below every id there is. */
  private static final EventId BELOW_ALL = new EventId(new UUID(0, 0));

  public Position {
    Objects.requireNonNull(id);
    Objects.requireNonNull(since);
  }

  /** Behind one event. */
  public static Position of(long transaction, EventId id) {
    return new Position(transaction, id, id.created());
  }

  /** Behind all transactions before this one, and before its own events. */
  static Position before(long transaction, Instant since) {
    return new Position(transaction, BELOW_ALL, since);
  }

  /** Whether another place is further on. */
  boolean isBefore(Position other) {
    if (transaction != other.transaction) {
      return transaction < other.transaction;
    }
    UUID mine = id.value();
    UUID theirs = other.id.value();
    int order =
        Long.compareUnsigned(mine.getMostSignificantBits(), theirs.getMostSignificantBits());
    return order != 0
        ? order < 0
        : Long.compareUnsigned(mine.getLeastSignificantBits(), theirs.getLeastSignificantBits())
            < 0;
  }

  /**
   * This place, or the other one if that is further on; of equal ones that of which it is known for
   * longer that nothing is behind it.
   */
  Position orLater(Position other) {
    boolean isLess = isBefore(other) || (!other.isBefore(this) && since.isBefore(other.since));
    return isLess ? other : this;
  }

  /** This place, with events behind it that may have been made since an earlier time. */
  Position lookingBackTo(Instant earlier) {
    return earlier.isBefore(since) ? new Position(transaction, id, earlier) : this;
  }
}
