package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Compares what is stored, delivered and streamed with what was sent and acknowledged. Knows what
 * must be, and no server: {@link ClusterAuditTest} shows what it notices.
 */
final class ClusterAudit {
  private static final int SHOWN_OF_A_KIND = 3;

  /** Without one of each of these a campaign has shown nothing. */
  private static final List<String> SUBSTANCE =
      List.of("faults", "acknowledged", "changesShown", "fired", "notifications");

  private final ClusterJournal journal;
  private final Map<String, List<String>> complaints = new LinkedHashMap<>();
  private final Set<String> stored = new HashSet<>();
  private final Set<String> notifications = new HashSet<>();
  private int fired;

  ClusterAudit(ClusterJournal journal) {
    this.journal = journal;
  }

  /** Looks at all events that are stored, each as it is listed. */
  void events(List<JsonObject> events, Outcomes outcomes, Map<String, Long> versions) {
    Map<String, String> bySender = new HashMap<>();
    Map<String, Integer> firings = new HashMap<>();
    Map<String, Integer> rung = new HashMap<>();
    Set<String> scheduled = new HashSet<>();
    for (JsonObject event : events) {
      String id = event.getString("id");
      if (!stored.add(id)) {
        complain("listed twice", id);
      }
      switch (event.getString("eventType")) {
        case "Notification" -> {
          notifications.add(id);
          if (event.getString("eventName").equals("notification." + ClusterCampaign.RING)) {
            rung.merge(newDto(event).getString("causeEventId"), 1, Integer::sum);
          } else {
            outcomes.compare(event, versions);
          }
        }
        case "ScheduledEvent" -> {
          scheduled.add(id);
          String key = key(event.getString("resourceId"), event.getInstant("eventTime"));
          firings.merge(key, 1, Integer::sum);
          fired++;
        }
        default -> sent(event, bySender);
      }
    }
    outcomes.compared();
    outcomes
        .complaints()
        .forEach(complaint -> complain("by other rules than were in force", complaint));
    acknowledged(bySender);
    scheduled(firings);
    rung(scheduled, rung);
  }

  /** A rule that never changes fires on each scheduled event. */
  private void rung(Set<String> scheduled, Map<String, Integer> rung) {
    for (String id : scheduled) {
      if (rung.getOrDefault(id, 0) != 1) {
        complain("scheduled event without its one notification", id + " " + rung.get(id));
      }
    }
    if (!scheduled.containsAll(rung.keySet())) {
      complain("notification of no scheduled event", rung.keySet().toString());
    }
  }

  private void sent(JsonObject event, Map<String, String> bySender) {
    String id = event.getString("id");
    String sender = newDto(event).getString("id");
    String other = bySender.put(sender, id);
    if (other != null) {
      complain("stored twice", sender + " as " + other + " and " + id);
    }
    if (!journal.sent().contains(sender)) {
      complain("never sent", sender);
    }
  }

  private static JsonObject newDto(JsonObject event) {
    return event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto");
  }

  private void acknowledged(Map<String, String> bySender) {
    journal
        .acknowledged()
        .forEach((sender, id) -> {
          if (!id.equals(bySender.get(sender))) {
            complain(
                "acknowledged and lost",
                sender + " as " + id + ", there is " + bySender.get(sender));
          }
        });
    for (String sender : journal.sent()) {
      if (!journal.acknowledged().containsKey(sender)) {
        complain("sent again and again, and never acknowledged", sender);
      }
    }
  }

  private void scheduled(Map<String, Integer> firings) {
    Set<String> expected = new HashSet<>();
    journal.due().forEach((bill, due) -> expected.add(key(bill, due)));
    for (String key : expected) {
      int times = firings.getOrDefault(key, 0);
      if (times != 1) {
        complain("scheduled and not fired once", key + " was fired " + times + " times");
      }
    }
    for (String key : firings.keySet()) {
      if (!expected.contains(key)) {
        complain("fired and never due", key);
      }
    }
  }

  private static String key(String bill, Instant due) {
    return bill + " " + due;
  }

  /** Ids of the notifications that are stored. */
  Set<String> notifications() {
    return notifications;
  }

  int stored() {
    return stored.size();
  }

  /** Events that came of dates. */
  int fired() {
    return fired;
  }

  /** A campaign in which nothing happened is none that anything was kept in. */
  void substance(Map<String, Long> figures) {
    for (String figure : SUBSTANCE) {
      if (figures.getOrDefault(figure, 0L) == 0) {
        complain("nothing was shown", "there were no " + figure);
      }
    }
  }

  /** Looks at the ids of what the receiver took. */
  void deliveries(Set<String> taken) {
    for (String id : notifications) {
      if (!taken.contains(id)) {
        complain("not delivered", id);
      }
    }
    for (String id : taken) {
      if (!notifications.contains(id)) {
        complain("delivered and not there", id);
      }
    }
  }

  /** Looks at what subscribers saw: everything once, and all in the same order. */
  void streams(List<List<String>> streams) {
    for (List<String> seen : streams) {
      Set<String> once = new HashSet<>();
      for (String id : seen) {
        if (!once.add(id)) {
          complain("streamed twice", id);
        }
        if (!stored.contains(id)) {
          complain("streamed and not there", id);
        }
      }
      for (String id : stored) {
        if (!once.contains(id)) {
          complain("not streamed", id);
        }
      }
      if (!seen.equals(streams.getFirst())) {
        complain("streamed in different orders", difference(seen, streams.getFirst()));
      }
    }
  }

  private static String difference(List<String> one, List<String> other) {
    for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
      if (!one.get(i).equals(other.get(i))) {
        return "at " + i + " " + one.get(i) + " and " + other.get(i);
      }
    }
    return one.size() + " and " + other.size() + " events";
  }

  void complain(String kind, String what) {
    complaints.computeIfAbsent(kind, none -> new ArrayList<>()).add(what);
  }

  /** What is not as it must be, of each kind how often and some examples. */
  List<String> complaints() {
    List<String> all = new ArrayList<>(journal.complaints());
    complaints.forEach((kind, found) -> {
      all.add(kind + ": " + found.size());
      found.stream().limit(SHOWN_OF_A_KIND).forEach(what -> all.add("  " + what));
    });
    return all;
  }
}
