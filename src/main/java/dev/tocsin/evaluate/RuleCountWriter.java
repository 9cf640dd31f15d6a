package dev.tocsin.evaluate;

import dev.tocsin.flow.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down now and then what an instance's rules did, beside its commits. Counts that could not
 * be written are kept and written later; if they had been written and only that was not known, they
 * are counted twice.
 *
 * <p>Not thread-safe: the instance's context makes all calls, some while another waits.
 */
public final class RuleCountWriter {
  private static final Logger log = LoggerFactory.getLogger(RuleCountWriter.class);

  private final GroupCommit groupCommit;
  private final RuleCountStore store;
  private final int batchMax;
  private final Duration every;
  private boolean writing;

  /**
   * A writer of what a loop's rules do.
   *
   * @param every how often it is to write
   */
  public RuleCountWriter(
      GroupCommit groupCommit, RuleCountStore store, EvaluateSettings settings, Duration every) {
    this.groupCommit = groupCommit;
    this.store = store;
    this.batchMax = settings.countsBatch();
    this.every = every;
  }

  /**
   * What one round did.
   *
   * @param written how many rules and days were written
   * @param interrupted whether the store could not be reached, so that something is left
   */
  public record Round(int written, boolean interrupted) {}

  Duration every() {
    return every;
  }

  /** Writes what there is, unless a round is under way. */
  public Round runOnce() {
    if (writing) {
      return new Round(0, false);
    }
    writing = true;
    try {
      return write();
    } catch (RuntimeException e) {
      log.error("rule counts lost", e);
      return new Round(0, false);
    } finally {
      writing = false;
    }
  }

  private Round write() {
    int written = 0;
    groupCommit.countMisses();
    List<RuleCounts> batch = groupCommit.takeCounts(batchMax);
    while (!batch.isEmpty()) {
      try {
        store.add(batch);
      } catch (StoreUnavailable e) {
        log.debug("rule counts kept rules={} cause=\"{}\"", batch.size(), e.getMessage());
        groupCommit.keepCounts(batch);
        return new Round(written, true);
      }
      written += batch.size();
      batch = batch.size() < batchMax ? List.of() : groupCommit.takeCounts(batchMax);
    }
    return new Round(written, false);
  }
}
