package dev.tocsin.store;

import dev.tocsin.evaluate.LedgerException;
import dev.tocsin.flow.StoreUnavailable;
import io.vertx.pgclient.PgException;
import java.util.Set;
import java.util.function.Supplier;

/** Says what a failed statement means for the events it was about. */
final class LedgerFailures {
  /**
   * Serialization failure, deadlock, unique violation, lock not available, exclusion violation: the
   * same events may go through next time.
   */
  private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "23505", "55P03", "23P01");

  private LedgerFailures() {}

  static <T> T translate(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreUnavailable e) {
      throw new LedgerException.Unavailable(String.valueOf(e.getMessage()), e);
    } catch (PgException e) {
      String message = e.getSqlState() + " " + e.getErrorMessage();
      if (e.getSqlState() != null && CONFLICTS.contains(e.getSqlState())) {
        throw new LedgerException.Conflict(message, e);
      }
      throw new LedgerException.Refused(message, e);
    }
  }
}
