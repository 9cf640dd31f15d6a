package dev.tocsin.faults;

import dev.tocsin.process.ApiClient.Accepted;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What was sent and what its senders were told, outside the reach of any fault. */
final class ClusterJournal {
  private final Set<String> sent = ConcurrentHashMap.newKeySet();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Instant> due = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch givenUp = new CountDownLatch(1);

  void sent(String id) {
    sent.add(id);
  }

  void acknowledged(String id, Accepted accepted) {
    acknowledged.put(id, accepted.id());
  }

  /** A bill was acknowledged that makes an event of its own when its date comes. */
  void due(String bill, Instant when) {
    due.put(bill, when);
  }

  void broken(String complaint) {
    complaints.add(complaint);
  }

  Set<String> sent() {
    return sent;
  }

  /** The server's id of each, by its sender's. */
  Map<String, String> acknowledged() {
    return acknowledged;
  }

  Map<String, Instant> due() {
    return due;
  }

  List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Nothing new is begun. */
  CountDownLatch over() {
    return over;
  }

  boolean isOver() {
    return over.getCount() == 0;
  }

  /** Nothing is waited for any more. */
  CountDownLatch givenUp() {
    return givenUp;
  }
}
