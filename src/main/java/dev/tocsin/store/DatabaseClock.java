package dev.tocsin.store;

import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database's clock, as this node knows it: set by asking, carried on by the node's own steady
 * nanoseconds in between. So a node whose wall clock is wrong makes ids and reads deadlines like
 * any other.
 *
 * <p>An answer is true at some moment between the question and its arrival, so a quick answer says
 * more than a slow one (Cristian, "Probabilistic clock synchronization", 1989). A reading is
 * therefore the quickest of several, and replaces the one before only if it is about as good.
 *
 * <p>The clock never goes back, except when the database's own is set back by more than a second.
 * Thread-safe.
 */
public final class DatabaseClock implements InstantSource {
  private static final Logger log = LoggerFactory.getLogger(DatabaseClock.class);
  private static final int QUESTIONS = 3;

  /** Above what two clocks drift apart between readings; what goes further back was set back. */
  private static final Duration STEP_MIN = Duration.ofSeconds(1);

  /** By how much two quartz clocks may drift apart, as a fraction of the time that passes. */
  private static final double DRIFT = 1e-4;

  private final Supplier<Instant> database;
  private final LongSupplier nanoTime;
  private final AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);
  private volatile Reading reading;

  /**
   * What the database said, and when that was on the steady clock.
   *
   * @param doubt by how many nanoseconds it may be off, either way
   */
  private record Reading(Instant instant, long nanos, long doubt) {
    Instant at(long moment) {
      return instant.plusNanos(moment - nanos);
    }

    long doubtAt(long moment) {
      return doubt + (long) ((moment - nanos) * DRIFT);
    }
  }

  /**
   * A clock that is set at once.
   *
   * @param nanoTime steady nanoseconds from an arbitrary origin
   * @param offset by how much the server's time is moved, for tests of time
   */
  public DatabaseClock(Database database, LongSupplier nanoTime, Duration offset) {
    this(() -> ask(database).plus(offset), nanoTime);
  }

  DatabaseClock(Supplier<Instant> database, LongSupplier nanoTime) {
    this.database = database;
    this.nanoTime = nanoTime;
    this.reading = read();
  }

  private static Instant ask(Database database) {
    return database
        .run("databaseClock", Tuple.tuple())
        .iterator()
        .next()
        .getOffsetDateTime(0)
        .toInstant();
  }

  @Override
  public Instant instant() {
    return latest.accumulateAndGet(
        reading.at(nanoTime.getAsLong()), (last, now) -> now.isAfter(last) ? now : last);
  }

  /** Sets the clock again, which keeps the drift between the two machines small. */
  public void set() {
    Reading now = read();
    Reading before = reading;
    Duration ahead = Duration.between(now.instant(), before.at(now.nanos()));
    if (ahead.compareTo(STEP_MIN) > 0) {
      log.warn("the database's clock was set back by {}", ahead);
      reading = now;
      latest.set(Instant.MIN);
    } else if (now.doubt() <= before.doubtAt(now.nanos())
        || ahead.abs().toNanos() > now.doubt() + before.doubtAt(now.nanos())) {
      reading = now;
    }
  }

  private Reading read() {
    Reading best = readOnce();
    for (int i = 1; i < QUESTIONS; i++) {
      Reading next = readOnce();
      best = next.doubt() <= best.doubt() ? next : best;
    }
    return best;
  }

  private Reading readOnce() {
    long before = nanoTime.getAsLong();
    Instant said = database.get();
    long half = (nanoTime.getAsLong() - before) / 2;
    return new Reading(said, before + half, half);
  }
}
