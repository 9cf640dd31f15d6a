package dev.tocsin.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How punctual scheduled events are, among a million appointments for later, and how many a second
 * are fired when very many are due at once.
 */
final class ScheduleBenchmark {
  private static final int DUE_EACH_SECOND = 1_000;
  private static final Duration PUNCTUAL = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** Longer than it takes to write what is due then. */
  private static final Duration LEAD = Duration.ofSeconds(15);

  private final Bed bed;
  private final Pace pace;
  private int next;

  ScheduleBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    Appointments appointments = bed.appointments();
    Duration apart = Duration.ofDays(365).dividedBy(pace.appointments());
    appointments.make(
        "later-", pace.appointments(), Instant.now().plus(Duration.ofDays(1)), apart);
    appointments.settle();
    List<Measurement> results = new ArrayList<>(punctuality(appointments));
    List<Double> bursts = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (int run = 0; run < pace.runs(); run++) {
      bursts.add(burst(appointments));
      others.add(bed.dbScheduler().burst(pace.burst()));
    }
    double other = Measurement.of("", "", others).value();
    results.add(Measurement.of("schedule_burst_rate", "events/s", bursts, other));
    results.add(Measurement.of("schedule_burst_db_scheduler", "tasks/s", others));
    return results;
  }

  private List<Measurement> punctuality(Appointments appointments) throws Exception {
    List<Double> punctual = new ArrayList<>();
    List<Double> median = new ArrayList<>();
    List<Double> worst = new ArrayList<>();
    Duration apart = Duration.ofSeconds(1).dividedBy(DUE_EACH_SECOND);
    for (int run = 0; run < pace.runs(); run++) {
      String prefix = "on-time-" + next++ + "-";
      int count = (int) (DUE_EACH_SECOND * pace.measured().toSeconds());
      appointments.make(prefix, count, Instant.now().plus(LEAD), apart);
      await(appointments);
      Histogram late = appointments.late(prefix);
      punctual.add(late.getPercentileAtOrBelowValue(PUNCTUAL.toMillis()));
      median.add((double) late.getValueAtPercentile(50));
      worst.add((double) late.getValueAtPercentile(99.9));
    }
    return List.of(
        Measurement.of("schedule_on_time", "%", punctual),
        Measurement.of("schedule_late_p50_ms", "ms", median),
        Measurement.of("schedule_late_p999_ms", "ms", worst));
  }

  private double burst(Appointments appointments) throws Exception {
    String prefix = "burst-" + next++ + "-";
    appointments.make(prefix, pace.burst(), Instant.now().plus(LEAD), Duration.ZERO);
    await(appointments);
    return pace.burst() * 1e3 / appointments.late(prefix).getMaxValue();
  }

  /** Waits until all have fired that are due within the hour; looks twice a second. */
  private static void await(Appointments appointments) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
      Future<?> looks =
          clock.scheduleWithFixedDelay(
              () -> look(appointments, done), 0, 500, TimeUnit.MILLISECONDS);
      try {
        done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      } finally {
        looks.cancel(true);
      }
    }
  }

  private static void look(Appointments appointments, CompletableFuture<Void> done) {
    try {
      if (appointments.waiting(Instant.now().plus(Duration.ofHours(1))) == 0) {
        done.complete(null);
      }
    } catch (SQLException e) {
      done.completeExceptionally(e);
    }
  }
}
