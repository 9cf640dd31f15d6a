package dev.tocsin.store;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The database's clock, as this node knows it: set by asking, carried on by the node's own steady
 * nanoseconds in between. So a node whose wall clock is wrong makes ids and reads deadlines like
 * any other.
 *
 * <p>Thread-safe.
 */
public final class DatabaseClock implements InstantSource {
  private final Database database;
  private final LongSupplier nanoTime;
  private final Duration offset;
  private volatile Reading reading;

  /** What the database said, and when that was on the steady clock. */
  private record Reading(Instant instant, long nanos) {}

  /**
   * A clock that is set at once.
   *
   * @param nanoTime steady nanoseconds from an arbitrary origin
   * @param offset by how much the server's time is moved, for tests of time
   */
  public DatabaseClock(Database database, LongSupplier nanoTime, Duration offset) {
    this.database = database;
    this.nanoTime = nanoTime;
    this.offset = offset;
    this.reading = read();
  }

  @Override
  public Instant instant() {
    Reading last = reading;
    return last.instant().plusNanos(nanoTime.getAsLong() - last.nanos());
  }

  /** Sets the clock again, which keeps the drift between the two machines small. */
  public void set() {
    reading = read();
  }

  private Reading read() {
    long before = nanoTime.getAsLong();
    Instant said =
        database
            .run("databaseClock", Tuple.tuple())
            .iterator()
            .next()
            .getOffsetDateTime(0)
            .toInstant();
    long after = nanoTime.getAsLong();
    // The answer was true somewhere between question and arrival; half way is off by half at most.
    return new Reading(said.plus(offset), before + (after - before) / 2);
  }
}
