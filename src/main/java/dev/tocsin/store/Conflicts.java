package dev.tocsin.store;

import io.vertx.pgclient.PgException;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements that PostgreSQL ended for the sake of another that it could not make wait. Nothing is
 * wrong with them: the same may go through next time.
 */
final class Conflicts {
  /** Serialization failure, deadlock, lock not available. */
  private static final Set<String> STATES = Set.of("40001", "40P01", "55P03");

  private static final int ATTEMPTS_MAX = 5;
  private static final Logger log = LoggerFactory.getLogger(Conflicts.class);

  private Conflicts() {}

  /** Whether it is one. */
  static boolean isOne(PgException e) {
    return e.getSqlState() != null && STATES.contains(e.getSqlState());
  }

  /**
   * Does work that is a transaction, again if it loses, a few times.
   *
   * @param what is done, as the log names it
   * @throws PgException that of the last attempt, if all have lost
   */
  static <T> T retried(String what, Supplier<T> transaction) {
    for (int attempt = 1; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        return transaction.get();
      } catch (PgException e) {
        if (!isOne(e)) {
          throw e;
        }
        log.warn(
            "lost a conflict, tried again what={} attempt={}: {}", what, attempt, e.getMessage());
      }
    }
    return transaction.get();
  }
}
