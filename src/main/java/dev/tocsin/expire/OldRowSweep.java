package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.OldRows.Deleted;
import dev.tocsin.expire.OldRows.Keeping;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what organizations no longer have that keep their events for fewer days than the server:
 * their rows are among those of others, whose day is not to be dropped yet. They are hidden without
 * it, so it takes its time: so many rows a transaction, one organization after the other.
 */
public final class OldRowSweep {
  private static final Logger log = LoggerFactory.getLogger(OldRowSweep.class);

  /** So that a round ends within seconds, however many there are, and however much they have. */
  private static final int ORGANIZATIONS_MAX = 100;

  private static final int BATCHES_MAX = 30;

  private final OldRows rows;
  private final int batchMax;
  private final Counter deleted;
  private @Nullable OrganizationId last;
  private boolean more;

  /**
   * A sweep in batches.
   *
   * @param batchMax most rows of one transaction
   */
  public OldRowSweep(OldRows rows, int batchMax, MeterRegistry meters) {
    this.rows = rows;
    this.batchMax = batchMax;
    this.deleted = meters.counter("tocsin.expired.rows");
  }

  /**
   * What one round did.
   *
   * @param more whether there are other organizations, or more rows
   */
  public record Round(int deleted, boolean more) {}

  /**
   * Deletes a batch of some organizations; the next round goes on with those after them.
   *
   * @param keep called before each organization
   */
  public Round runOnce(Runnable keep) {
    List<Keeping> some = rows.organizations(last, ORGANIZATIONS_MAX);
    int count = 0;
    for (Keeping keeping : some) {
      keep.run();
      Deleted batch = deleteOrLeave(keeping);
      last = keeping.organization();
      more |= batch.more();
      count += batch.rows();
      deleted.increment(batch.rows());
      if (count >= BATCHES_MAX * batchMax) {
        return new Round(count, true);
      }
    }
    if (some.size() == ORGANIZATIONS_MAX) {
      return new Round(count, true);
    }
    boolean again = more;
    last = null;
    more = false;
    return new Round(count, again);
  }

  /** One that fails is the same one in every round, and others are behind it. */
  private Deleted deleteOrLeave(Keeping keeping) {
    try {
      return rows.deleteSome(keeping, batchMax);
    } catch (RuntimeException e) {
      log.error("old rows not deleted organization={}", keeping.organization(), e);
      return new Deleted(0, false);
    }
  }
}
