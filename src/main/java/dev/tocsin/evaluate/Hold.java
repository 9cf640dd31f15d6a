package dev.tocsin.evaluate;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** That an organization's rules do not change until whoever has this lets go. Thread-safe. */
public final class Hold {
  private final CountDownLatch over = new CountDownLatch(1);

  /** Lets rules change again. */
  void letGo() {
    over.countDown();
  }

  /** Whether rules are kept from changing, as far as this node knows. */
  boolean isOn() {
    return over.getCount() > 0;
  }

  /** Waits until it is let go, but no longer than this; it then ends all the same. */
  void awaitEnd(Duration atMost) {
    try {
      over.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      letGo();
    }
  }
}
