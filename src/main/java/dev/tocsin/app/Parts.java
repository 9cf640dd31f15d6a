package dev.tocsin.app;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server consists of so far, to be closed in the opposite order.
 *
 * <p>One thread adds parts and closes them; any may ask it to {@link #refuse} more.
 */
final class Parts {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  /** What a part gets though the time is over: enough for one that has nothing to finish. */
  private static final Duration LEAST = Duration.ofMillis(200);

  private record Part(String name, AutoCloseable closeable, boolean mayBeLeft) {}

  private final Deque<Part> parts = new ArrayDeque<>();
  private volatile boolean refusing;

  /**
   * Takes a part, which may be left as it is when its closing takes too long.
   *
   * @throws CancellationException when no more are wanted; this one is closed with the others
   */
  void add(String name, AutoCloseable closeable) {
    add(new Part(name, closeable, true));
  }

  /** Takes a part that must be closed whatever the time, and bounds how long that takes itself. */
  void addIndispensable(String name, AutoCloseable closeable) {
    add(new Part(name, closeable, false));
  }

  private void add(Part part) {
    parts.push(part);
    if (refusing) {
      throw new CancellationException("the server was stopped while it started");
    }
  }

  /** Has whoever adds the next part fail: the server is to stop. */
  void refuse() {
    refusing = true;
  }

  boolean isRefusing() {
    return refusing;
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  /**
   * Closes all. One that fails, or is not closed when the time is over, is logged, and does not
   * keep the others open.
   */
  void close(Deadline deadline) {
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      FutureTask<?> closing =
          new FutureTask<>(() -> {
            part.closeable().close();
            return null;
          });
      try {
        if (part.mayBeLeft()) {
          Thread.ofPlatform().daemon().name("close " + part.name()).start(closing);
          closing.get(atLeast(deadline.left()).toMillis(), TimeUnit.MILLISECONDS);
        } else {
          closing.run();
          closing.get();
        }
      } catch (TimeoutException e) {
        log.warn("part did not close in time, it is left part=\"{}\"", part.name());
      } catch (ExecutionException e) {
        log.error("part did not close part=\"{}\"", part.name(), e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // The rest is told to close, and not waited for.
      }
    }
  }

  private static Duration atLeast(Duration left) {
    return left.compareTo(LEAST) < 0 ? LEAST : left;
  }
}
