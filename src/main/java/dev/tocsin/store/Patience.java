package dev.tocsin.store;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * How long to wait for PostgreSQL, and what it means when it does not do what it was asked.
 *
 * @param limit after so long the answer counts as lost
 * @param isForCallers whether what lost a conflict counts as unavailable, for those who do not try
 *     again themselves
 */
record Patience(Duration limit, boolean isForCallers) {
  /**
   * SQLSTATE classes that say nothing about the statement: a broken connection, too few resources,
   * an operator's intervention.
   */
  private static final Set<String> UNAVAILABLE_CLASSES = Set.of("08", "53", "57", "58");

  /** A write in a read-only transaction, which we never ask for: a standby, a primary until now. */
  private static final String READ_ONLY = "25006";

  /** The patience of those who do try again. */
  Patience(Duration limit) {
    this(limit, false);
  }

  /** The same for callers, who are told to come again. */
  Patience forCallers() {
    return new Patience(limit, true);
  }

  /**
   * Waits as the thread must: a virtual thread of Vert.x lets the rest of its verticle run
   * meanwhile, any other thread just waits, and an event loop must not. A thread that is
   * interrupted waits no longer, and stays interrupted.
   *
   * @param what is waited for, as the failure names it
   * @throws PgException for what PostgreSQL refuses
   * @throws StoreUnavailable for everything else that keeps the future from its result
   */
  <T> T await(String what, Future<T> future) {
    Context context = Vertx.currentContext();
    if (context != null && context.threadingModel() == ThreadingModel.EVENT_LOOP) {
      throw new IllegalStateException(what + " is waited for on an event loop");
    }
    Future<T> bounded = future.timeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    try {
      return context == null
          ? bounded.toCompletionStage().toCompletableFuture().get()
          : bounded.await();
    } catch (CompletionException | ExecutionException e) {
      throw failure(what, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreUnavailable(what + " was waited for until an interruption", e);
    } catch (Exception e) {
      throw failure(what, e);
    }
  }

  private RuntimeException failure(String what, Throwable cause) {
    if (cause instanceof PgException refused && !isUnavailable(refused)) {
      return refused;
    }
    return new StoreUnavailable(what + " failed: " + cause.getMessage(), cause);
  }

  private boolean isUnavailable(PgException e) {
    String state = String.valueOf(e.getSqlState());
    return state.equals(READ_ONLY)
        || (isForCallers && Conflicts.isOne(e))
        || (state.length() == 5 && UNAVAILABLE_CLASSES.contains(state.substring(0, 2)));
  }
}
