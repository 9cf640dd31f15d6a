package dev.tocsin.store;

import dev.tocsin.expire.Turn;
import dev.tocsin.flow.StoreUnavailable;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The turn as an advisory lock of a session: it ends with the session, whatever becomes of a node.
 */
public final class PgTurn implements Turn {
  private static final Logger log = LoggerFactory.getLogger(PgTurn.class);

  private final Database database;

  /** A turn over a pool that has a connection left while the turn lasts. */
  public PgTurn(Database database) {
    this.database = database;
  }

  @Override
  public boolean take(Work work) {
    return database.onConnection(session -> {
      if (!session.run("expiryTurnTake", Tuple.tuple()).iterator().next().getBoolean("taken")) {
        return false;
      }
      try {
        work.run(() -> session.run("expiryTurnKeep", Tuple.tuple()));
        return true;
      } finally {
        end(session);
      }
    });
  }

  /** Where that fails, the session is gone. */
  private static void end(Database.Session session) {
    try {
      session.run("expiryTurnEnd", Tuple.tuple());
    } catch (StoreUnavailable | PgException e) {
      log.warn("turn lost cause=\"{}\"", e.getMessage());
    }
  }
}
