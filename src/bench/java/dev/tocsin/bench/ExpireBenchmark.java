package dev.tocsin.bench;

import dev.tocsin.bench.ExpiredDays.Cost;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
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

  /** For each, three days are written first. */
  private static final int SAMPLES_MAX = 3;

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
      ackP99("first", null); // Warms code and database, and does not count.
      List<Double> quiet = new ArrayList<>();
      List<Double> dropping = new ArrayList<>();
      List<Double> deleting = new ArrayList<>();
      for (int run = 0; run < Math.min(pace.runs(), SAMPLES_MAX); run++) {
        // Each is measured when a day has just been written, which the disk may still be busy with.
        make(days);
        quiet.add(ackP99("quiet", null));
        days.drop();
        make(days);
        dropping.add(ackP99("dropping", days::drop));
        LocalDate deletedUnderLoad = make(days);
        deleting.add(ackP99("deleting", () -> days.delete(deletedUnderLoad)));
        days.drop();
      }
      double without = Measurement.of("", "", quiet).value();
      return List.of(
          Measurement.of("expire_day_s", "s", List.of(drop.seconds()), deletion.seconds()),
          Measurement.of("expire_delete_s", "s", List.of(deletion.seconds())),
          Measurement.of(
              "expire_day_wal_bytes", "bytes", List.of(drop.walBytes()), deletion.walBytes()),
          Measurement.of("expire_delete_wal_bytes", "bytes", List.of(deletion.walBytes())),
          Measurement.of("expire_ack_p99_ms", "ms", dropping, without),
          Measurement.of("expire_delete_ack_p99_ms", "ms", deleting, without));
    }
  }

  private LocalDate make(ExpiredDays days) throws Exception {
    return days.make(Bed.WITHOUT_RULES, DAYS_AGO, pace.day());
  }

  /** Sends events for the measured time, and has something done as soon as that begins. */
  private double ackP99(String name, @Nullable Work work) throws Exception {
    try (SteadyEvents events = new SteadyEvents(bed, Bed.WITHOUT_RULES, pace.measured())) {
      events.begin(null);
      events.measuring().get(1, TimeUnit.MINUTES);
      if (work != null) {
        work.run();
      }
      events.done().get(2, TimeUnit.MINUTES);
      double millis = events.ackMillis(99);
      System.err.printf("  %-14s %10.1f%n", name, millis);
      return millis;
    }
  }
}
