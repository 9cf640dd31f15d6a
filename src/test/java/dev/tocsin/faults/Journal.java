package dev.tocsin.faults;

import dev.tocsin.process.ApiClient.Accepted;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** What the clients sent and were told, outside the reach of any kill. */
final class Journal {
  private final Map<String, Sent> sent = new ConcurrentHashMap<>();
  private final Map<String, Accepted> acknowledged = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch broke = new CountDownLatch(1);
  private final Semaphore acknowledgements = new Semaphore(0);
  private final AtomicInteger repeated = new AtomicInteger();
  private final AtomicInteger recognised = new AtomicInteger();

  void sent(Sent event) {
    sent.put(event.id(), event);
  }

  void repeated() {
    repeated.incrementAndGet();
  }

  void acknowledged(Sent event, Accepted accepted) {
    acknowledged.put(event.id(), accepted);
    if (accepted.isDuplicate()) {
      recognised.incrementAndGet();
    }
    List<String> fired = accepted.notifications().stream().map(f -> f.code()).toList();
    List<String> expected = event.fires() == null ? List.of() : List.of(event.fires());
    if (!fired.equals(expected)) {
      broken("event " + event.id() + " was said to fire " + fired + ", not " + expected);
    }
    acknowledgements.release();
  }

  /** Something is not as it must be; the campaign ends. */
  void broken(String complaint) {
    complaints.add(complaint);
    broke.countDown();
    over.countDown();
    acknowledgements.release();
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

  /** One permit for each acknowledged event. */
  Semaphore acknowledgements() {
    return acknowledgements;
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
