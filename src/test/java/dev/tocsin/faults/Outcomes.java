package dev.tocsin.faults;

import dev.tocsin.faults.RuleTimeline.Span;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Fired;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the server said that events set off, checked as it comes, and once more when everything that
 * is stored is read back. Thread-safe.
 */
final class Outcomes {
  private final RuleTimeline timeline;
  private final Map<String, Told> told = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private final Semaphore news = new Semaphore(0);
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicLong checked = new AtomicLong();
  private final AtomicLong overlapping = new AtomicLong();
  private final AtomicLong telling = new AtomicLong();
  private final Set<Integer> shown = ConcurrentHashMap.newKeySet();

  /** A notification that a sender was told of, by its rule's code and the event that caused it. */
  private record Told(String code, String cause) {}

  Outcomes(RuleTimeline timeline) {
    this.timeline = timeline;
  }

  /** Events were answered that were sent when no state before {@code first} could judge them. */
  void answered(List<Update> updates, List<Accepted> accepted, int first) {
    Span span = timeline.since(first);
    int latest = first;
    for (Accepted answer : accepted) {
      latest = Math.max(latest, check(updates.get(answer.index()), answer, span));
    }
    // Only now: the events of one request have no order among them.
    timeline.observed(latest);
    news.release(accepted.size());
  }

  /** Waits until so many more events are answered, at most two minutes. */
  void await(int events) throws InterruptedException, TimeoutException {
    news.drainPermits();
    if (!news.tryAcquire(events, 2, TimeUnit.MINUTES)) {
      throw new TimeoutException("not even " + events + " events were answered in two minutes");
    }
  }

  private int check(Update update, Accepted answer, Span span) {
    List<String> fired = answer.notifications().stream().map(Fired::code).toList();
    for (Fired notification : answer.notifications()) {
      told.put(notification.id(), new Told(notification.code(), answer.id()));
    }
    checked.incrementAndGet();
    if (span.first() < span.last()) {
      overlapping.incrementAndGet();
      if (timeline.isTelling(update, span)) {
        telling.incrementAndGet();
      }
    }
    Integer explanation = timeline.explanation(update, fired, span);
    if (explanation == null) {
      wrong(
          "%s fired %s, in none of the states %s: the first fires %s, the last %s"
              .formatted(
                  update,
                  fired,
                  span,
                  timeline.firing(span.first(), update),
                  timeline.firing(span.last(), update)));
      return span.first();
    }
    if (explanation > 0
        && !shown.contains(explanation)
        && !timeline.firing(explanation - 1, update).equals(Set.copyOf(fired))) {
      shown.add(explanation);
    }
    return explanation;
  }

  /**
   * Compares a stored notification with what its sender was told: it is there once, and says the
   * version that its rule had under its code.
   */
  void compare(JsonObject event, Map<String, Long> versions) {
    String id = event.getString("id");
    JsonObject about =
        event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto");
    Told expected = told.remove(id);
    if (expected == null) {
      wrong("notification " + id + " is stored twice, or nobody was told of it: " + about);
    } else if (!expected.equals(
        new Told(about.getString("code"), about.getString("causeEventId")))) {
      wrong("notification " + id + " was told as " + expected + " and is stored as " + about);
    } else if (!about.getLong("version").equals(versions.get(expected.code()))) {
      wrong("version " + versions.get(expected.code()) + " fired, and what is stored is " + about);
    }
  }

  /** To be called when all that are stored were compared: what is left is not stored. */
  void compared() {
    told.forEach((id, missing) -> wrong("notification " + id + " is not stored: " + missing));
  }

  void wrong(String complaint) {
    if (wrong.incrementAndGet() <= 20) {
      complaints.add(complaint);
    }
  }

  /** How many outcomes were wrong, or notifications not as they were told. */
  int wrong() {
    return wrong.get();
  }

  /** The first twenty of them. */
  List<String> complaints() {
    return new ArrayList<>(complaints);
  }

  /** Events whose outcome was checked. */
  long checked() {
    return checked.get();
  }

  /** Of these, the ones that were on their way while a change was. */
  long overlapping() {
    return overlapping.get();
  }

  /** Of these, the ones that the states of the time judge differently. */
  long telling() {
    return telling.get();
  }

  /** Changes of rules after which some event fired what it would not have fired before. */
  long statesShown() {
    return shown.size();
  }

  /** Notifications that senders were told of, and that were not yet found stored. */
  int told() {
    return told.size();
  }
}
