package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.Erasures.Deleted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes all that erased organizations had, one batch after the other. Where it stands is in the
 * store, so it goes on after a restart, and on any node.
 */
public final class ErasureSweep {
  private static final Logger log = LoggerFactory.getLogger(ErasureSweep.class);

  private final Erasures erasures;
  private final int batchMax;
  private final Counter rows;
  private final Counter erased;
  private final AtomicInteger pending;

  /**
   * A sweep in batches.
   *
   * @param batchMax most rows of one transaction
   */
  public ErasureSweep(Erasures erasures, int batchMax, MeterRegistry meters) {
    this.erasures = erasures;
    this.batchMax = batchMax;
    this.rows = meters.counter("tocsin.erasure.rows");
    this.erased = meters.counter("tocsin.erasure.organizations");
    this.pending = meters.gauge("tocsin.erasure.pending", new AtomicInteger());
  }

  /**
   * What one round did.
   *
   * @param erased organizations of which nothing is left
   * @param more whether there is more to delete
   */
  public record Round(int rows, int erased, boolean more) {}

  /** Deletes a batch of the organization that waits the longest. */
  public Round runOnce() {
    List<OrganizationId> waiting = erasures.pending();
    pending.set(waiting.size());
    if (waiting.isEmpty()) {
      return new Round(0, 0, false);
    }
    OrganizationId organization = waiting.getFirst();
    Deleted deleted = erasures.deleteSome(organization, batchMax);
    rows.increment(deleted.rows());
    if (!deleted.done()) {
      log.info("organization erasing organization={} rows={}", organization, deleted.rows());
      return new Round(deleted.rows(), 0, true);
    }
    pending.decrementAndGet();
    erased.increment();
    log.warn("organization erased organization={}", organization);
    return new Round(deleted.rows(), 1, waiting.size() > 1);
  }
}
