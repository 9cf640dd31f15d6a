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

  /**
   * Before which day nothing is left; they are found by no index, so it is looked for once a day.
   */
  private @Nullable LocalDate done;

  /**
   * A sweep by the database's clock.
   *
   * @param retentionDays for how many days they are kept, as events are; today is one of them
   */
  public RuleDaySweep(RuleDays days, InstantSource clock, int retentionDays) {
    this.days = days;
    this.clock = clock;
    this.retentionDays = retentionDays;
  }

  /** What one round did. */
  public record Round(int dropped) {}

  /** Drops what is past retention, once a day. */
  public Round runOnce() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    LocalDate first = today.minusDays(retentionDays - 1);
    if (first.equals(done)) {
      return new Round(0);
    }
    int dropped = days.dropBefore(first);
    done = first;
    if (dropped > 0) {
      log.info("rule days dropped count={}", dropped);
    }
    return new Round(dropped);
  }
}
