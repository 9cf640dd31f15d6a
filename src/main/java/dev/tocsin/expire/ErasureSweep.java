package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.Erasures.Deleted;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes all that erased organizations had, a batch of each in its turn, so that one that has
 * much, or fails, keeps no other waiting. Where it stands is in the store, so it goes on after a
 * restart, and on any node.
 */
public final class ErasureSweep {
  private static final Logger log = LoggerFactory.getLogger(ErasureSweep.class);

  /** How many rows of an organization lie between two lines of the log. */
  private static final long LOG_EVERY = 100_000;

  /** So that a round ends within seconds, however many there are. */
  private static final int ORGANIZATIONS_MAX = 10;

  /** The order in which they take turns. */
  private static final Comparator<OrganizationId> BY_ID =
      Comparator.comparing(OrganizationId::value);

  private final Erasures erasures;
  private final int batchMax;
  private final Counter rows;
  private final Counter erased;

  /** What this node deleted of those that have something left, for the log. */
  private final Map<OrganizationId, Long> deletedOf = new HashMap<>();

  private @Nullable OrganizationId last;
  private boolean more;

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
  }

  /**
   * What one round did.
   *
   * @param erased organizations of which nothing is left
   * @param more whether there are other organizations, or more rows
   */
  public record Round(int rows, int erased, boolean more) {}

  /**
   * Deletes a batch of some organizations; the next round goes on with those after them.
   *
   * @param keep called before each organization
   */
  public Round runOnce(Runnable keep) {
    List<OrganizationId> waiting = erasures.pending();
    deletedOf.keySet().retainAll(Set.copyOf(waiting));
    List<OrganizationId> some = afterLast(waiting);
    int count = 0;
    int ended = 0;
    for (OrganizationId organization : some) {
      keep.run();
      Deleted deleted = deleteOrLeave(organization);
      last = organization;
      more |= !deleted.done() && deleted.rows() > 0;
      count += deleted.rows();
      rows.increment(deleted.rows());
      if (deleted.done()) {
        ended++;
        erased.increment();
      }
    }
    if (some.size() == ORGANIZATIONS_MAX) {
      return new Round(count, ended, true);
    }
    boolean again = more;
    last = null;
    more = false;
    return new Round(count, ended, again);
  }

  private List<OrganizationId> afterLast(List<OrganizationId> waiting) {
    return waiting.stream()
        .filter(one -> last == null || BY_ID.compare(one, last) > 0)
        .sorted(BY_ID)
        .limit(ORGANIZATIONS_MAX)
        .toList();
  }

  /** One that fails is the same one in every round, and others are behind it. */
  private Deleted deleteOrLeave(OrganizationId organization) {
    try {
      Deleted deleted = erasures.deleteSome(organization, batchMax);
      tell(organization, deleted);
      return deleted;
    } catch (RuntimeException e) {
      log.error("organization not erased organization={}", organization, e);
      return new Deleted(0, false);
    }
  }

  private void tell(OrganizationId organization, Deleted deleted) {
    Long before = deletedOf.get(organization);
    long rowsOf = (before == null ? 0 : before) + deleted.rows();
    if (deleted.done()) {
      log.warn("organization erased organization={} rows={}", organization, rowsOf);
      return;
    }
    deletedOf.put(organization, rowsOf);
    if (before == null) {
      log.info("erasing organization organization={}", organization);
    } else if (rowsOf / LOG_EVERY > before / LOG_EVERY) {
      log.info("still erasing organization organization={} rows={}", organization, rowsOf);
    }
  }
}
