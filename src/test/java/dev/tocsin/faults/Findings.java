package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What a campaign came to: its figures, and every promise that was found broken. */
record Findings(Map<String, String> figures, List<String> complaints) {
  /** Silences of ten seconds to bear while the last deliveries are waited for. */
  private static final int SILENCES_MAX = 6;

  private static final int COMPLAINTS_SHOWN = 20;
  private static final int READS_MAX = 30;

  Findings {
    complaints = List.copyOf(complaints);
  }

  static Findings of(
      Journal journal,
      Arrivals arrivals,
      ApiClient api,
      Map<FaultCampaign.Fault, Integer> done,
      List<Duration> outages)
      throws IOException, InterruptedException {
    Audit audit = new Audit(journal, api);
    audit.events();
    Set<String> notifications = audit.notifications();
    audit.deliveries(arrivals, notifications);
    Map<String, String> figures = new LinkedHashMap<>();
    figures.put("faults", done.toString());
    figures.put("events acknowledged", "" + journal.acknowledged().size());
    figures.put("requests sent again", "" + journal.repetitions());
    figures.put("events recognised as repeated", "" + journal.recognised());
    figures.put("notifications", "" + notifications.size());
    figures.put("webhooks taken more than once", "" + arrivals.repeated());
    List<Duration> sorted = outages.stream().sorted().toList();
    figures.put("from fault to next acknowledgement, median", "" + sorted.get(sorted.size() / 2));
    figures.put("from fault to next acknowledgement, longest", "" + sorted.getLast());
    return new Findings(figures, audit.complaints);
  }

  /** Reads everything there is through the API, as any client could. */
  private static final class Audit {
    private final Journal journal;
    private final ApiClient api;
    private final List<String> complaints;
    private final Map<String, String> sentByEvent = new HashMap<>();

    Audit(Journal journal, ApiClient api) {
      this.journal = journal;
      this.api = api;
      this.complaints = new ArrayList<>(journal.complaints());
    }

    /** All events of a type; the database may still be starting after the last kill. */
    private List<JsonObject> events(String type) throws IOException, InterruptedException {
      for (int tries = READS_MAX; true; tries--) {
        try {
          return api.list("/events?pageSize=100&eventType=" + type);
        } catch (IOException e) {
          if (tries == 0) {
            throw e;
          }
          journal.broke().await(1, TimeUnit.SECONDS);
        }
      }
    }

    /** Every acknowledged event is there once, under the id it was acknowledged with. */
    void events() throws IOException, InterruptedException {
      Map<String, String> eventBySent = new HashMap<>();
      for (JsonObject event : events("ConfigurationEvent")) {
        String id = event.getString("id");
        String sent =
            event
                .getJsonObject("m3terEvent")
                .getJsonObject("eventData")
                .getJsonObject("newDto")
                .getString("sent");
        if (sentByEvent.put(id, sent) != null) {
          complaints.add("event " + id + " is listed twice");
        }
        String other = eventBySent.put(sent, id);
        if (other != null) {
          complaints.add(sent + " is stored twice, as " + other + " and " + id);
        }
        if (!journal.sent().containsKey(sent)) {
          complaints.add("nobody sent " + sent);
        }
      }
      journal
          .acknowledged()
          .forEach((sent, accepted) -> {
            if (!accepted.id().equals(eventBySent.get(sent))) {
              complaints.add(sent + " was acknowledged as " + accepted.id() + ", and is not there");
            }
          });
    }

    /** Every stored event has just the notifications it must have; answers their ids. */
    Set<String> notifications() throws IOException, InterruptedException {
      Map<String, String> byCause = new HashMap<>();
      for (JsonObject event : events("Notification")) {
        JsonObject about =
            event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto");
        String cause = about.getString("causeEventId");
        Sent sent = journal.sent().get(sentByEvent.getOrDefault(cause, ""));
        if (sent == null || !about.getString("code").equals(sent.fires())) {
          complaints.add("notification " + event + " should not be");
        }
        if (byCause.put(cause, event.getString("id")) != null) {
          complaints.add("event " + cause + " set off the same notification twice");
        }
      }
      sentByEvent.forEach((event, sent) -> {
        Sent what = journal.sent().get(sent);
        if (what != null && what.fires() != null && !byCause.containsKey(event)) {
          complaints.add(sent + " did not set off " + what.fires());
        }
      });
      checkWhatClientsWereTold(byCause);
      return new HashSet<>(byCause.values());
    }

    private void checkWhatClientsWereTold(Map<String, String> byCause) {
      for (Accepted accepted : journal.acknowledged().values()) {
        for (ApiClient.Fired fired : accepted.notifications()) {
          if (!fired.id().equals(byCause.get(accepted.id()))) {
            complaints.add("notification " + fired.id() + " was acknowledged, and is not there");
          }
        }
      }
    }

    /** Every notification was taken at least once by its receiver, and nothing else was. */
    void deliveries(Arrivals arrivals, Set<String> notifications) throws InterruptedException {
      int silences = 0;
      while (!arrivals.taken().keySet().containsAll(notifications) && silences < SILENCES_MAX) {
        silences = arrivals.awaitNews() ? 0 : silences + 1;
      }
      for (String id : notifications) {
        if (!arrivals.taken().containsKey(id)) {
          complaints.add("notification " + id + " was not delivered");
        }
      }
      for (String id : arrivals.taken().keySet()) {
        if (!notifications.contains(id)) {
          complaints.add("webhook " + id + " tells of no notification there is");
        }
      }
    }
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    figures.forEach((name, value) -> text.append(String.format("%-45s %s%n", name, value)));
    text.append(String.format("%-45s %d%n", "promises broken", complaints.size()));
    complaints.stream()
        .limit(COMPLAINTS_SHOWN)
        .forEach(complaint -> text.append("  ").append(complaint).append('\n'));
    return text.toString();
  }
}
