package dev.tocsin.faults;

import dev.tocsin.process.ApiClient.Accepted;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

/** What was sent and what its senders were told, outside the reach of any fault. */
final class ClusterJournal {
  private final Map<String, JsonObject> sent = new ConcurrentHashMap<>();
  private final Map<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Appointments appointments = new Appointments();
  private final Queue<Deliveries.Link> links = new ConcurrentLinkedQueue<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch givenUp = new CountDownLatch(1);

  /** An event is about to be sent, under an id of its sender. */
  void sent(JsonObject event) {
    sent.put(event.getString("id"), event);
  }

  void acknowledged(String id, Accepted accepted) {
    acknowledged.put(id, accepted.id());
  }

  /** A rule has a link from before it ever fired. */
  void linked(Deliveries.Link link) {
    links.add(link);
  }

  List<Deliveries.Link> links() {
    return List.copyOf(links);
  }

  void broken(String complaint) {
    complaints.add(complaint);
  }

  /** Every event, as it was sent, by its sender's id. */
  Map<String, JsonObject> sent() {
    return sent;
  }

  /** The server's id of each, by its sender's. */
  Map<String, String> acknowledged() {
    return acknowledged;
  }

  /** The dates of bills and balances, each noted when it is acknowledged. */
  Appointments appointments() {
    return appointments;
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
