package dev.tocsin.faults;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what is stored and streamed with what was sent and acknowledged. Knows what must be, and
 * no server: {@link ClusterAuditTest} shows what it notices.
 */
final class ClusterAudit {
  private static final int SHOWN_OF_A_KIND = 3;

  /** Without one of each of these a campaign has shown nothing. */
  private static final List<String> SUBSTANCE =
      List.of("faults", "acknowledged", "changesShown", "fired", "notifications", "sharedUpdates");

  private final ClusterJournal journal;
  private final Map<String, List<String>> complaints = new LinkedHashMap<>();
  private final Set<String> stored = new HashSet<>();
  private final Map<String, String> notifications = new HashMap<>();
  private final Firings firings = new Firings();
  private final EntityChains chains = new EntityChains(this::complain);
  private final Map<String, String> bySender = new HashMap<>();
  private final Set<String> toRing = new HashSet<>();
  private final Set<String> toCross = new HashSet<>();
  private final Map<String, Integer> rung = new HashMap<>();
  private final Map<String, Integer> crossed = new HashMap<>();
  private int sharedUpdates;

  /**
   * What is known beside the events.
   *
   * @param versions that the server gave each rule when it had this code
   * @param turnedTo what the scheduled event configuration that was turned is about in the end
   * @param last the id of the event that each stored state is of, by entity and id
   */
  record Known(
      Outcomes outcomes, Map<String, Long> versions, String turnedTo, Map<String, String> last) {}

  ClusterAudit(ClusterJournal journal) {
    this.journal = journal;
  }

  /** Looks at all events that are stored, each as it is listed. */
  void events(List<JsonObject> events, Known known) {
    for (JsonObject event : events) {
      String id = event.getString("id");
      if (!stored.add(id)) {
        complain("listed twice", id);
      }
      switch (event.getString("eventType")) {
        case "Notification" -> notification(event, known);
        case "ScheduledEvent" -> {
          hasSentState(event);
          if (firings.add(event)) {
            toRing.add(id);
          }
        }
        default -> sent(event);
      }
    }
    known.outcomes().compared();
    found("by other rules than were in force", known.outcomes().complaints());
    acknowledged();
    firings.compare(journal.appointments(), known.turnedTo(), this::complain);
    chains.judge(known.last());
    firedOnce("a scheduled event", toRing, rung);
    firedOnce("a crossing", toCross, crossed);
  }

  private void notification(JsonObject event, Known known) {
    notifications.put(event.getString("id"), event.getString("resourceId"));
    String name = event.getString("eventName");
    if (name.equals("notification." + ClusterCampaign.RING)) {
      rung.merge(state(event, "newDto").getString("causeEventId"), 1, Integer::sum);
    } else if (name.equals("notification." + SharedEntities.CROSSED)) {
      crossed.merge(state(event, "newDto").getString("causeEventId"), 1, Integer::sum);
    } else {
      known.outcomes().compare(event, known.versions());
    }
  }

  /** A rule that never changes fires on each of these, and on nothing else. */
  private void firedOnce(String what, Set<String> causes, Map<String, Integer> fired) {
    for (String id : causes) {
      if (fired.getOrDefault(id, 0) != 1) {
        complain(what + " without its one notification", id + " " + fired.get(id));
      }
    }
    for (String id : fired.keySet()) {
      if (!causes.contains(id)) {
        complain("notification of what is not " + what, id);
      }
    }
  }

  private void sent(JsonObject event) {
    String id = event.getString("id");
    JsonObject after = state(event, "newDto");
    JsonObject before = state(event, "oldDto");
    JsonObject subject = after == null ? before : after;
    String sender = sender(subject);
    String other = bySender.put(sender, id);
    if (other != null) {
      complain("stored twice", sender + " as " + other + " and " + id);
    }
    JsonObject original = journal.sent().get(sender);
    if (original == null) {
      complain("never sent", sender);
      return;
    }
    JsonObject said = original.getJsonObject("old");
    if (isOther(original.getJsonObject("new"), after) || (said != null && isOther(said, before))) {
      complain("stored otherwise than sent", sender + " as " + event.encode());
    }
    if (said == null && event.getString("eventName").endsWith(".updated")) {
      chains.add(event);
    }
    if (event.getString("eventName").equals(SharedEntities.EVENT)) {
      sharedUpdates++;
      if (before != null && SharedEntities.isCrossed(before, subject)) {
        toCross.add(id);
      }
    }
  }

  private static boolean isOther(@Nullable JsonObject one, @Nullable JsonObject other) {
    return one == null ? other != null : !one.equals(other);
  }

  /** What fires has the entity's state as it was sent, and one property more. */
  private void hasSentState(JsonObject event) {
    JsonObject state = state(event, "newDto").copy();
    state.remove("scheduled");
    JsonObject original = journal.sent().get(sender(state));
    if (original == null || isOther(original.getJsonObject("new"), state)) {
      complain("fired with a state that nobody sent", event.encode());
    }
  }

  private static String sender(JsonObject state) {
    return state.getString("sentAs", state.getString("id"));
  }

  private static JsonObject state(JsonObject event, String which) {
    return event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject(which);
  }

  private void acknowledged() {
    journal
        .acknowledged()
        .forEach((sender, id) -> {
          if (!id.equals(bySender.get(sender))) {
            complain(
                "acknowledged and lost",
                sender + " as " + id + ", there is " + bySender.get(sender));
          }
        });
    for (String sender : journal.sent().keySet()) {
      if (!journal.acknowledged().containsKey(sender)) {
        complain("sent again and again, and never acknowledged", sender);
      }
    }
  }

  /** The rule of each notification that is stored, by ids. */
  Map<String, String> notifications() {
    return notifications;
  }

  int stored() {
    return stored.size();
  }

  /** Events that came of dates. */
  int fired() {
    return firings.size();
  }

  /** Updates of entities that all senders change. */
  int sharedUpdates() {
    return sharedUpdates;
  }

  /** Updates that came after later ones. */
  int late() {
    return chains.late();
  }

  /** A campaign in which nothing happened is none that anything was kept in. */
  void substance(Map<String, Long> figures) {
    for (String figure : SUBSTANCE) {
      if (figures.getOrDefault(figure, 0L) == 0) {
        complain("nothing was shown", "there were no " + figure);
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

  /** Somebody else found these. */
  void found(String kind, List<String> all) {
    all.forEach(what -> complain(kind, what));
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
