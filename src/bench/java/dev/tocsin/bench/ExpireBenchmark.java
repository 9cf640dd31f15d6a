package dev.tocsin.bench;

import dev.tocsin.bench.ExpiredDays.Cost;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What it costs to be rid of a day of five million events, by dropping it and by deleting them; and
 * how long events take meanwhile to be acknowledged, 1,000 a second, one a request.
 */
final class ExpireBenchmark {
  /** Past retention, with days between that nobody looks at. */
  private static final int DAYS_AGO = 40;

  private final Bed bed;
  private final Pace pace;

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
      ackP99(null); // Warms code and database, and does not count.
      // Each is measured when a day has just been written, which the disk is still busy with.
      make(days);
      double quiet = ackP99(null);
      days.drop();
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

  /** Sends events for the measured time, and has something done as soon as that begins. */
  private double ackP99(@Nullable Work work) throws Exception {
    try (SteadyEvents events = new SteadyEvents(bed, Bed.WITHOUT_RULES, pace.measured())) {
      events.begin(null);
      events.measuring().get(1, TimeUnit.MINUTES);
      if (work != null) {
        work.run();
      }
      events.done().get(2, TimeUnit.MINUTES);
      return events.ackMillis(99);
    }
  }
}
