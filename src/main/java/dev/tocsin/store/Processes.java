package dev.tocsin.store;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How the processes of the embedded PostgreSQL end. */
final class Processes {
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

  private Processes() {}

  /**
   * Stops a postmaster: first in order, without waiting for its clients; then at once, which the
   * next start repairs from the log; then by force.
   */
  static void stop(ProcessHandle postmaster) throws IOException {
    for (String signal : List.of("INT", "QUIT", "KILL")) {
      new ProcessBuilder("kill", "-" + signal, Long.toString(postmaster.pid())).start();
      if (exits(postmaster, STOP_WITHIN)) {
        return;
      }
    }
    throw new IOException("PostgreSQL does not stop, pid " + postmaster.pid());
  }

  /** Whether a process ends within a time; false also when the wait is interrupted. */
  static boolean exits(ProcessHandle handle, Duration within) {
    try {
      handle.onExit().get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("waiting for a process cannot fail", e);
    }
  }
}
