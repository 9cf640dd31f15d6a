package dev.tocsin.stream;

import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a piece of work done once after it was rung for, one at a time: however often it is rung
 * while the work is done, it is done once more.
 *
 * <p>Thread-safe.
 */
final class Bell {
  private static final Logger log = LoggerFactory.getLogger(Bell.class);

  private final Executor threads;
  private final Runnable work;
  private boolean working;
  private boolean rung;

  Bell(Executor threads, Runnable work) {
    this.threads = threads;
    this.work = work;
  }

  void ring() {
    synchronized (this) {
      rung = true;
      if (working) {
        return;
      }
      working = true;
    }
    threads.execute(this::answer);
  }

  private void answer() {
    synchronized (this) {
      rung = false;
    }
    try {
      work.run();
    } catch (RuntimeException e) {
      log.error("following events failed, it is tried again with the next ring", e);
    }
    boolean again;
    synchronized (this) {
      again = rung;
      working = again;
    }
    if (again) {
      threads.execute(this::answer);
    }
  }
}
