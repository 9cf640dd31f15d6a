package dev.tocsin.bench;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long after its acknowledgement each thing arrives. It may well overtake it; it then took no
 * time.
 */
final class Arrivals {
  private static final long NOT_COUNTED = Long.MIN_VALUE;

  private final long expected;
  private final ConcurrentHashMap<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong arrived = new AtomicLong();
  private final ConcurrentHistogram lags = new ConcurrentHistogram(3);
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private volatile boolean counting;

  /** Arrivals, of which there will be so many. */
  Arrivals(long expected) {
    this.expected = expected;
  }

  void acknowledged(String id, long nanos, boolean counts) {
    counting |= counts;
    acknowledged.put(id, counts ? nanos : NOT_COUNTED);
  }

  void came(String id, long nanos) {
    Long since = acknowledged.get(id);
    if (since == null && counting) {
      lags.recordValue(0);
    } else if (since != null && since != NOT_COUNTED) {
      lags.recordValue(Math.max(0, nanos - since) / 1_000);
    }
    if (arrived.incrementAndGet() == expected) {
      done.complete(null);
    }
  }

  /** Completes when all have arrived. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** How long a share of them took at most, in milliseconds. */
  double lagMillis(double percentile) {
    return lags.getValueAtPercentile(percentile) / 1e3;
  }
}
