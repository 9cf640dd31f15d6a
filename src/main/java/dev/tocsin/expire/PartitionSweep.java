package dev.tocsin.expire;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps partitions ahead of the clock, so that no event ever arrives on a day that has none.
 *
 * <p>Days are UTC's. Yesterday's is kept too: an event gets its id before it is committed.
 */
public final class PartitionSweep {
  private static final Logger log = LoggerFactory.getLogger(PartitionSweep.class);

  private final Partitions partitions;
  private final InstantSource clock;
  private final int daysAhead;

  /**
   * A sweep that keeps so many days ready.
   *
   * @param daysAhead how many days after today have their partitions
   */
  public PartitionSweep(Partitions partitions, InstantSource clock, int daysAhead) {
    this.partitions = partitions;
    this.clock = clock;
    this.daysAhead = daysAhead;
  }

  /** What one round did. */
  public record Round(int made) {}

  /** Makes what is missing. */
  public Round runOnce() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    int made = partitions.ensure(today.minusDays(1), today.plusDays(daysAhead));
    if (made > 0) {
      log.info("partitions made count={} until={}", made, today.plusDays(daysAhead));
    }
    return new Round(made);
  }
}
