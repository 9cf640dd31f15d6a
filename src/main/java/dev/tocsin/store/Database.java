package dev.tocsin.store;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
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
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A pool of connections, spoken to by named statements from threads that may wait. Fails with
 * {@link PgException} for what PostgreSQL refuses, and with {@link StoreUnavailable} for everything
 * that keeps a statement from being answered.
 */
public final class Database implements AutoCloseable {
  /**
   * SQLSTATE classes that say nothing about the statement: a broken connection, too few resources,
   * an operator's intervention, and a standby that was a primary a moment ago.
   */
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58", "25");

  private final Pool pool;
  private final Statements statements;
  private final Duration patience;

  /**
   * The limits of a pool.
   *
   * @param size most connections
   * @param waitersMax most statements that may wait for a connection; one more fails at once
   * @param statementTimeout how long a statement may run before the server cancels it
   */
  public record Limits(int size, int waitersMax, Duration statementTimeout) {
    public Limits {
      if (size < 1 || waitersMax < 0 || !statementTimeout.isPositive()) {
        throw new IllegalArgumentException("a pool needs a connection, and time to use it");
      }
    }
  }

  private Database(Pool pool, Statements statements, Duration patience) {
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
    PoolOptions options =
        new PoolOptions()
            .setName(name)
            .setMaxSize(limits.size())
            .setMaxWaitQueueSize(limits.waitersMax())
            .setConnectionTimeout(10)
            .setConnectionTimeoutUnit(TimeUnit.SECONDS);
    Pool pool =
        PgBuilder.pool()
            .with(options)
            .with(new NetClientOptions().setTcpKeepAlive(true).setConnectTimeout(5_000))
            .connectingTo(address.connectOptions(name, limits.statementTimeout(), session))
            .using(vertx)
            .build();
    // The server cancels a statement that runs too long; the rest covers a server that is gone
    // without a word, from which no answer ever comes.
    return new Database(pool, statements, limits.statementTimeout().plusSeconds(5));
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
    return await(statement, client.preparedQuery(statements.sql(statement)).execute(parameters));
  }

  /** Runs work in a transaction, which is rolled back if the work fails. */
  public <T> T inTransaction(Function<Session, T> work) {
    SqlConnection connection = await("connect", pool.getConnection());
    try {
      Transaction transaction = await("begin", connection.begin());
      T result;
      try {
        result = work.apply((statement, parameters) -> run(connection, statement, parameters));
      } catch (RuntimeException e) {
        rollBack(transaction, e);
        throw e;
      }
      await("commit", transaction.commit());
      return result;
    } finally {
      connection.close().onFailure(ignored -> {});
    }
  }

  private void rollBack(Transaction transaction, RuntimeException because) {
    try {
      await("rollback", transaction.rollback());
    } catch (RuntimeException e) {
      because.addSuppressed(e);
    }
  }

  /**
   * Waits as the thread must: a virtual thread of Vert.x lets the rest of its verticle run
   * meanwhile, any other thread just waits, and an event loop must not.
   */
  private <T> T await(String what, Future<T> future) {
    Future<T> bounded = future.timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    try {
      Context context = Vertx.currentContext();
      if (context == null) {
        return bounded.toCompletionStage().toCompletableFuture().join();
      }
      if (context.threadingModel() == ThreadingModel.EVENT_LOOP) {
        throw new IllegalStateException(what + " is waited for on an event loop");
      }
      return bounded.await();
    } catch (CompletionException | CancellationException e) {
      throw failure(what, e.getCause() == null ? e : e.getCause());
    } catch (IllegalStateException e) {
      throw e;
    } catch (Exception e) {
      throw failure(what, e);
    }
  }

  private static RuntimeException failure(String what, Throwable cause) {
    if (cause instanceof PgException refused && !isUnavailable(refused)) {
      return refused;
    }
    return new StoreUnavailable(what + " failed: " + cause.getMessage(), cause);
  }

  private static boolean isUnavailable(PgException e) {
    String state = e.getSqlState();
    return state != null
        && state.length() == 5
        && UNAVAILABLE_CLASSES.contains(state.substring(0, 2));
  }

  @Override
  public void close() {
    await("close", pool.close());
  }
}
