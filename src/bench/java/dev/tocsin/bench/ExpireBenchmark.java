package dev.tocsin.bench;

import dev.tocsin.bench.ExpiredDays.Cost;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to be rid of a day of five million events, by dropping it and by deleting them; and
 * how long events take meanwhile to be acknowledged, 1,000 a second, one a request.
 */
final class ExpireBenchmark {
  private static final int EVENTS_PER_SECOND = 1_000;
  private static final int CONNECTIONS = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  /** Past retention, with days between that nobody looks at. */
  private static final int DAYS_AGO = 40;

  private final Bed bed;
  private final Pace pace;
  private final Payloads payloads = new Payloads(System.nanoTime());

  ExpireBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  private interface Work {
    void run() throws SQLException;
  }

  List<Measurement> run() throws Exception {
    try (ExpiredDays days = bed.expiredDays()) {
      LocalDate deleted = make(days);
      Cost deletion = days.delete(deleted);
      days.drop();
      make(days);
      Cost drop = days.drop();
      double quiet = ackP99(null);
      make(days);
      double dropping = ackP99(days::drop);
      LocalDate deletedUnderLoad = make(days);
      double deleting = ackP99(() -> days.delete(deletedUnderLoad));
      days.drop();
      return List.of(
          Measurement.of("expire_day_s", "s", List.of(drop.seconds()), deletion.seconds()),
          Measurement.of("expire_delete_s", "s", List.of(deletion.seconds())),
          Measurement.of(
              "expire_day_wal_bytes", "bytes", List.of(drop.walBytes()), deletion.walBytes()),
          Measurement.of("expire_delete_wal_bytes", "bytes", List.of(deletion.walBytes())),
          Measurement.of("expire_ack_p99_ms", "ms", List.of(dropping), quiet),
          Measurement.of("expire_delete_ack_p99_ms", "ms", List.of(deleting), quiet));
    }
  }

  private LocalDate make(ExpiredDays days) throws SQLException {
    return days.make(Bed.WITHOUT_RULES, DAYS_AGO, pace.day());
  }

  /** Sends events for the measured time, and has something done a second after it began. */
  private double ackP99(@Nullable Work work) throws Exception {
    try (Load load = bed.load(Bed.WITHOUT_RULES, CONNECTIONS)) {
      long warm = EVENTS_PER_SECOND * WARM_UP.toSeconds();
      long total = warm + EVENTS_PER_SECOND * pace.measured().toSeconds();
      ConcurrentHistogram acks = new ConcurrentHistogram(3);
      AtomicLong answered = new AtomicLong();
      CompletableFuture<Void> done = new CompletableFuture<>();
      CompletableFuture<Void> began = new CompletableFuture<>();
      Cadence.begin(bed.vertx(), EVENTS_PER_SECOND, total, (number, due) -> {
        if (number == warm + EVENTS_PER_SECOND) {
          began.complete(null);
        }
        load.post(payloads.request(1))
            .onSuccess(body -> {
              if (number >= warm) {
                acks.recordValue((System.nanoTime() - due) / 1_000);
              }
              if (answered.incrementAndGet() == total) {
                done.complete(null);
              }
            })
            .onFailure(done::completeExceptionally);
      });
      began.get(1, TimeUnit.MINUTES);
      if (work != null) {
        work.run();
      }
      done.get(2, TimeUnit.MINUTES);
      return acks.getValueAtPercentile(99) / 1e3;
    } catch (IOException e) {
      throw new IllegalStateException("no load could be made", e);
    }
  }
}
