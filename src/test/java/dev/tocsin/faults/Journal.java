package dev.tocsin.faults;

import dev.tocsin.process.ApiClient.Accepted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** What the clients sent and were told, outside the reach of any kill. */
final class Journal {
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final Map<String, Accepted> acknowledged = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch broke = new CountDownLatch(1);
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicInteger recognised = new AtomicInteger();
  private volatile Period period = new Period();

  /**
   * The time from one fault to the next. What is sent in one may be acknowledged in another, and
   * says nothing of the server in that one.
   */
  static final class Period {
    private final CompletableFuture<Long> firstAcknowledgement = new CompletableFuture<>();

    private void end() {
      firstAcknowledgement.complete(System.nanoTime());
    }

    /**
     * Waits until something that was sent in this period is acknowledged, or the campaign ends.
     *
     * @return when it was, as {@link System#nanoTime} counts
     */
    long awaitAcknowledgement(Duration within) throws InterruptedException, TimeoutException {
      try {
        return firstAcknowledgement.get(within.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        throw new IllegalStateException("nothing fails it", e);
      }
    }

    boolean isAcknowledged() {
      return firstAcknowledgement.isDone();
    }
  }

  /** The period that a request belongs to if it is sent now. */
  Period period() {
    return period;
  }

  /** Begins a period: a fault has happened. */
  Period fault() {
    Period begun = new Period();
    period = begun;
    if (isOver()) {
      begun.end();
    }
    return begun;
  }

  void sent(Sent event) {
    sent.put(event.id(), event);
  }

  void repeated() {
    repeated.incrementAndGet();
  }

  /** An event was acknowledged that was sent, this last time, in a period. */
  void acknowledged(Sent event, Accepted accepted, Period sentIn) {
    acknowledged.put(event.id(), accepted);
    if (accepted.isDuplicate()) {
      recognised.incrementAndGet();
    }
    List<String> fired = accepted.notifications().stream().map(f -> f.code()).toList();
    List<String> expected = event.fires() == null ? List.of() : List.of(event.fires());
    if (!fired.equals(expected)) {
      broken("event " + event.id() + " was said to fire " + fired + ", not " + expected);
    }
    sentIn.end();
  }

  /** Something is not as it must be; the campaign ends. */
  void broken(String complaint) {
    complaints.add(complaint);
    broke.countDown();
    over.countDown();
    period.end();
  }

  /** Tells the clients to come to an end. */
  void end() {
    over.countDown();
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  CountDownLatch over() {
    return over;
  }

  CountDownLatch broke() {
    return broke;
  }

  List<String> complaints() {
    return complaints;
  }

  Map<String, Sent> sent() {
    return sent;
  }

  Map<String, Accepted> acknowledged() {
    return acknowledged;
  }

  /** Requests that had to be sent again. */
  int repetitions() {
    return repeated.get();
  }

  /** Events that were stored although the first request was not answered. */
  int recognised() {
    return recognised.get();
  }
}
