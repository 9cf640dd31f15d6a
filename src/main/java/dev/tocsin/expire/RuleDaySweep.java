package dev.tocsin.expire;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops what rules did on days that are past retention, which nobody can read any more. */
public final class RuleDaySweep {
  private static final Logger log = LoggerFactory.getLogger(RuleDaySweep.class);

  private final RuleDays days;
  private final InstantSource clock;
  private final int retentionDays;

  private final int batchMax;

  /** Before which day nothing is left. */
  private @Nullable LocalDate done;

  /**
   * A sweep by the database's clock.
   *
   * @param retentionDays for how many days they are kept, as events are; today is one of them
   * @param batchMax how many are dropped at once, at most
   */
  public RuleDaySweep(RuleDays days, InstantSource clock, int retentionDays, int batchMax) {
    this.days = days;
    this.clock = clock;
    this.retentionDays = retentionDays;
    this.batchMax = batchMax;
  }

  /**
   * What one round did.
   *
   * @param more whether it dropped as many as it may, so that there may be more
   */
  public record Round(int dropped, boolean more) {}

  /** Drops a batch of what is past retention; once nothing is left, not before the next day. */
  public Round runOnce() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate first = today.minusDays(retentionDays - 1);
    if (first.equals(done)) {
      return new Round(0, false);
    }
    int dropped = days.dropBefore(first, batchMax);
    boolean more = dropped >= batchMax;
    if (!more) {
      done = first;
    }
    if (dropped > 0) {
      log.info("rule days dropped count={}", dropped);
    }
    return new Round(dropped, more);
  }
}
