package dev.tocsin.expire;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops what rules did on days that are past retention, which nobody can read any more. */
public final class RuleDaySweep {
  private static final Logger log = LoggerFactory.getLogger(RuleDaySweep.class);

  /** As long as events are kept: today and the 27 days before it. */
  private static final int DAYS = 28;

  private final RuleDays days;
  private final InstantSource clock;

  /** A sweep by the database's clock. */
  public RuleDaySweep(RuleDays days, InstantSource clock) {
    this.days = days;
    this.clock = clock;
  }

  /** What one round did. */
  public record Round(int dropped) {}

  /** Drops what is past retention. */
  public Round runOnce() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    int dropped = days.dropBefore(today.minusDays(DAYS - 1));
    if (dropped > 0) {
      log.info("rule days dropped count={}", dropped);
    }
    return new Round(dropped);
  }
}
