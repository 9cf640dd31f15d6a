package dev.tocsin.expire;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the integration runs that still wait when their event expires, so that none vanishes without
 * a word. Whether anything of an event is sent after it expired does not depend on this sweep:
 * claims and couriers look themselves.
 */
public final class WaitingRunSweep {
  private static final Logger log = LoggerFactory.getLogger(WaitingRunSweep.class);

  private final WaitingRuns runs;
  private final int batchMax;
  private final Counter ended;

  /**
   * A sweep in batches.
   *
   * @param batchMax most runs of one transaction
   */
  public WaitingRunSweep(WaitingRuns runs, int batchMax, MeterRegistry meters) {
    this.runs = runs;
    this.batchMax = batchMax;
    this.ended = meters.counter("tocsin.runs.expired");
  }

  /**
   * What one round did.
   *
   * @param more whether it ended any, so that there may be more: a batch passes over those that
   *     somebody has locked, so that one that is not full is not the last
   */
  public record Round(int ended, boolean more) {}

  /** Ends one batch. */
  public Round runOnce() {
    List<WaitingRuns.Ended> batch = runs.endExpired(batchMax);
    if (!batch.isEmpty()) {
      ended.increment(batch.size());
      WaitingRuns.Ended first = batch.getFirst();
      log.warn(
          "runs ended count={} first={}/{} cause=event_expired",
          batch.size(),
          first.organization(),
          first.run());
    }
    return new Round(batch.size(), !batch.isEmpty());
  }
}
