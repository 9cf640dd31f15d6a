package dev.tocsin.app;

import dev.tocsin.event.Ids;
import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Version 7 UUIDs (RFC 9562, sections 5.7 and 6.2): 48 bits of milliseconds, 12 bits that count the
 * ids of one millisecond, 62 random bits. More than 4,096 ids in a millisecond borrow from the next
 * one, and a clock that steps back is waited out in the same way, so ids never decrease.
 *
 * <p>Thread-safe.
 */
final class TimeOrderedIds implements Ids {
  private static final int COUNTER_BITS = 12;
  private static final long VERSION = 0x7000L;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long RANDOM_MASK = 0x3fff_ffff_ffff_ffffL;

  private final InstantSource clock;
  private final RandomGenerator random;

  /** The last id's milliseconds and counter, as one number that only grows. */
  private long last;

  TimeOrderedIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  @Override
  public UUID next() {
    long stamp;
    long noise;
    synchronized (this) {
      last = Math.max(last + 1, clock.millis() << COUNTER_BITS);
      stamp = last;
      noise = random.nextLong();
    }
    long counter = stamp & ((1 << COUNTER_BITS) - 1);
    long milliseconds = stamp >>> COUNTER_BITS;
    return new UUID((milliseconds << 16) | VERSION | counter, VARIANT | (noise & RANDOM_MASK));
  }
}
