package dev.tocsin.expire;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps partitions ahead of the clock, so that no event ever arrives on a day that has none, and
 * says so days before that could happen. There is no partition for whatever has none of its own:
 * what went there could be dropped by no day, and would keep that day's partition from being made.
 *
 * <p>Days are UTC's. Yesterday's is kept too: an event gets its id before it is committed.
 */
public final class PartitionAheadSweep {
  private static final Logger log = LoggerFactory.getLogger(PartitionAheadSweep.class);

  private final Partitions partitions;
  private final InstantSource clock;
  private final int daysAhead;

  /** The last day for which there is room; before the first look, the day before all. */
  private volatile LocalDate until = LocalDate.EPOCH;

  /**
   * A sweep that keeps so many days ready.
   *
   * @param daysAhead how many days after today have their partitions
   */
  public PartitionAheadSweep(
      Partitions partitions, InstantSource clock, int daysAhead, MeterRegistry meters) {
    this.partitions = partitions;
    this.clock = clock;
    this.daysAhead = daysAhead;
    Gauge.builder("tocsin.partitions.days.ahead", this, PartitionAheadSweep::ahead)
        .strongReference(true)
        .register(meters);
  }

  /**
   * What one round did.
   *
   * @param made how many partitions
   * @param ahead for how many days after today there is room; -1 when there is none today
   */
  public record Round(int made, long ahead) {}

  /**
   * Makes what is missing, and looks how far it reaches.
   *
   * @throws RuntimeException when it cannot be made, and there is no room for today either
   */
  public Round runOnce() {
    LocalDate today = today();
    LocalDate last = today.plusDays(daysAhead);
    int made = 0;
    RuntimeException failure = null;
    try {
      made = partitions.ensure(today.minusDays(1), last);
    } catch (RuntimeException e) {
      failure = e;
    }
    until = partitions.firstLacking(today, last).map(day -> day.minusDays(1)).orElse(last);
    if (failure != null) {
      log.error("partitions not made, there is room until={}", until, failure);
      if (until.isBefore(today)) {
        throw failure;
      }
    } else if (made > 0) {
      log.info("partitions made count={} until={}", made, until);
    }
    return new Round(made, ahead());
  }

  /**
   * What an operator has to know: empty as long as room is made in time. It is told from the day on
   * that lacks room which should have been made a day ago, and while there is still some.
   */
  public List<String> warnings() {
    return ahead() < Math.max(1, daysAhead - 1)
        ? List.of(
            "there is room for events until "
                + until
                + " only: partitions cannot be made, and the log says why")
        : List.of();
  }

  private long ahead() {
    return Math.max(-1, ChronoUnit.DAYS.between(today(), until));
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }
}
