package dev.tocsin.expire;

import dev.tocsin.expire.ExpiredPartitions.Dropped;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Drops the partitions whose days are past retention, and counts. */
public final class ExpiredPartitionSweep {
  /** Each may wait for readers for seconds, and a round is not to last long. */
  private static final int ROUND_MAX = 6;

  private final ExpiredPartitions partitions;
  private final Counter dropped;
  private final Counter kept;

  /** A sweep for one node. */
  public ExpiredPartitionSweep(ExpiredPartitions partitions, MeterRegistry meters) {
    this.partitions = partitions;
    this.dropped = meters.counter("tocsin.partitions.dropped");
    this.kept = meters.counter("tocsin.partitions.kept");
  }

  /**
   * What one round did.
   *
   * @param more whether there may be more that can be dropped now
   */
  public record Round(int dropped, int kept, boolean more) {}

  /**
   * Drops some.
   *
   * @param keep called before each
   */
  public Round runOnce(Runnable keep) {
    Dropped round = partitions.dropSome(ROUND_MAX, keep);
    dropped.increment(round.dropped());
    kept.increment(round.kept());
    return new Round(round.dropped(), round.kept(), round.dropped() == ROUND_MAX);
  }
}
