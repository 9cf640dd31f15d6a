package dev.tocsin.store;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A pool of connections, spoken to by named statements from threads that may wait. Fails with
 * {@link PgException} for what PostgreSQL refuses, and with {@link StoreUnavailable} for everything
 * that keeps a statement from being answered.
 */
public final class Database implements AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration CONNECTION_WITHIN_MAX = Duration.ofSeconds(10);
  private static final Duration CLEAN_EVERY = Duration.ofSeconds(1);

  private final Pool pool;
  private final Statements statements;
  private final Patience patience;

  /**
   * The limits of a pool.
   *
   * @param size most connections
   * @param waitersMax most statements that may wait for a connection; one more fails at once
   * @param statementTimeout how long a statement may run before the server cancels it; a connection
   *     that is silent for a few seconds more is closed, whether it is used or not
   */
  public record Limits(int size, int waitersMax, Duration statementTimeout) {
    public Limits {
      if (size < 1 || waitersMax < 0 || !statementTimeout.isPositive()) {
        throw new IllegalArgumentException("a pool needs a connection, and time to use it");
      }
    }

    /**
     * How long a connection may be silent. The server cancels a statement that runs too long, and
     * says so; the rest covers a server that is gone without a word.
     */
    Duration silenceMax() {
      return statementTimeout.plus(CLEAN_EVERY.multipliedBy(3));
    }

    /** When the pool closes what nobody uses: before its silence does, in the midst of a use. */
    Duration unusedMax() {
      return silenceMax().minus(CLEAN_EVERY.multipliedBy(2));
    }

    /** How long a statement may wait for a connection. */
    Duration connectionWithin() {
      return statementTimeout.compareTo(CONNECTION_WITHIN_MAX) < 0
          ? statementTimeout
          : CONNECTION_WITHIN_MAX;
    }
  }

  private Database(Pool pool, Statements statements, Patience patience) {
    this.pool = pool;
    this.statements = statements;
    this.patience = patience;
  }

  /**
   * A pool that connects when it is first used.
   *
   * @param name what the connections show as in {@code pg_stat_activity}
   * @param session settings of every connection's session, beside those that all have
   */
  public static Database open(
      Vertx vertx,
      PostgresAddress address,
      String name,
      Limits limits,
      Map<String, String> session,
      Statements statements) {
    Pool pool =
        PgBuilder.pool()
            .with(poolOptions(name, limits))
            .with(socketOptions(limits))
            .connectingTo(address.connectOptions(name, limits.statementTimeout(), session))
            .using(vertx)
            .build();
    return new Database(pool, statements, new Patience(limits.silenceMax().plusSeconds(1)));
  }

  /**
   * The same pool for what is done for callers: a statement that lost a conflict with another one
   * fails with {@link StoreUnavailable}, so that its caller is told to come again. Nothing of it
   * took effect. To close either is to close both.
   */
  public Database forCallers() {
    return new Database(pool, statements, patience.forCallers());
  }

  private static PoolOptions poolOptions(String name, Limits limits) {
    return new PoolOptions()
        .setName(name)
        .setMaxSize(limits.size())
        .setMaxWaitQueueSize(limits.waitersMax())
        .setConnectionTimeout((int) limits.connectionWithin().toMillis())
        .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
        .setIdleTimeout((int) limits.unusedMax().toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setPoolCleanerPeriod((int) CLEAN_EVERY.toMillis());
  }

  /**
   * The driver bounds neither its handshake nor the wait for an answer, and a connection that keeps
   * silent stays the pool's for ever: after as many as the pool has, nothing is served any more. So
   * the socket is closed once it was silent for longer than any statement may be, which ends the
   * handshake or the statement, and frees the place.
   */
  private static NetClientOptions socketOptions(Limits limits) {
    return new NetClientOptions()
        .setConnectTimeout((int) CONNECT_WITHIN.toMillis())
        .setTcpKeepAlive(true)
        // Where the native transport is there: a network that is gone is noticed earlier still.
        .setTcpUserTimeout((int) CONNECT_WITHIN.toMillis())
        .setIdleTimeout((int) limits.silenceMax().toMillis())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
  }

  /** Runs statements, all in one transaction. */
  @FunctionalInterface
  public interface Session {
    /** Runs a named statement. */
    RowSet<Row> run(String statement, Tuple parameters);
  }

  /** Runs a named statement in a transaction of its own. */
  public RowSet<Row> run(String statement, Tuple parameters) {
    return run(pool, statement, parameters);
  }

  private RowSet<Row> run(SqlClient client, String statement, Tuple parameters) {
    return patience.await(
        statement, client.preparedQuery(statements.sql(statement)).execute(parameters));
  }

  /** Runs work in a transaction, which is rolled back if the work fails. */
  public <T> T inTransaction(Function<Session, T> work) {
    SqlConnection connection = patience.await("connect", pool.getConnection());
    try {
      Transaction transaction = patience.await("begin", connection.begin());
      T result;
      try {
        result = work.apply((statement, parameters) -> run(connection, statement, parameters));
      } catch (RuntimeException e) {
        rollBack(transaction, e);
        throw e;
      }
      patience.await("commit", transaction.commit());
      return result;
    } finally {
      connection.close().onFailure(ignored -> {});
    }
  }

  /** Runs statements on one connection, each in a transaction of its own. */
  public <T> T onConnection(Function<Session, T> work) {
    SqlConnection connection = patience.await("connect", pool.getConnection());
    try {
      return work.apply((statement, parameters) -> run(connection, statement, parameters));
    } finally {
      connection.close().onFailure(ignored -> {});
    }
  }

  /** Runs a command that the database itself has put together, outside of any transaction. */
  void command(String sql) {
    patience.await("command", pool.query(sql).execute());
  }

  private void rollBack(Transaction transaction, RuntimeException because) {
    try {
      patience.await("rollback", transaction.rollback());
    } catch (RuntimeException e) {
      because.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    patience.await("close", pool.close());
  }
}
