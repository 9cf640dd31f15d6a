package dev.tocsin.stream;

import java.util.concurrent.Executor;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
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
  private final Lock lock;
  private boolean working;
  private boolean rung;

  Bell(Executor threads, Runnable work) {
    this(threads, work, new ReentrantLock());
  }

  /** A bell with a lock that a test can look behind. */
  Bell(Executor threads, Runnable work, Lock lock) {
    this.threads = threads;
    this.work = work;
    this.lock = lock;
  }

  void ring() {
    if (begins()) {
      threads.execute(this::answer);
    }
  }

  private boolean begins() {
    lock.lock();
    try {
      boolean begins = !working;
      rung = true;
      working = true;
      return begins;
    } finally {
      lock.unlock();
    }
  }

  /** An error of the moment, such as of memory, must not end it for good. */
  private void answer() {
    heard();
    try {
      work.run();
    } catch (Throwable e) {
      log.error("following events failed, it is tried again with the next ring", e);
    } finally {
      if (goesOn()) {
        threads.execute(this::answer);
      }
    }
  }

  private void heard() {
    lock.lock();
    try {
      rung = false;
    } finally {
      lock.unlock();
    }
  }

  /** Decided under the lock: whoever rings next either sees that it does, or begins anew. */
  private boolean goesOn() {
    lock.lock();
    try {
      working = rung;
      return working;
    } finally {
      lock.unlock();
    }
  }
}
