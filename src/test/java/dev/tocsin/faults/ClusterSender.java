package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Sends batches with ids to any node, each again until it is acknowledged: updates that rules are
 * asked about, updates of entities that others change too, and bills and balances with dates.
 */
final class ClusterSender implements Callable<Void> {
  private static final String SHARED = "-shared-";
  private static final int BATCH_MAX = 16;
  private static final int SHARED_MAX = 6;
  private static final int PAUSE_MILLIS = 160;
  private static final int SHARED_OF_A_HUNDRED = 60;
  private static final int DATED_OF_A_HUNDRED = 60;

  private final String name;
  private final Random random;
  private final Doors doors;
  private final ClusterJournal journal;
  private final RuleTimeline timeline;
  private final Outcomes outcomes;
  private final SharedEntities shared;
  private final DatedEntities dated;

  ClusterSender(
      String name,
      long seed,
      Doors doors,
      ClusterJournal journal,
      RuleTimeline timeline,
      Outcomes outcomes,
      SharedEntities shared) {
    this.name = name;
    this.random = new Random(seed);
    this.doors = doors;
    this.journal = journal;
    this.timeline = timeline;
    this.outcomes = outcomes;
    this.shared = shared;
    this.dated = new DatedEntities(random, journal.appointments());
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    for (int batch = 0; !journal.isOver(); batch++) {
      updates(batch);
      if (random.nextInt(100) < SHARED_OF_A_HUNDRED) {
        shared(batch);
      }
      if (random.nextInt(100) < DATED_OF_A_HUNDRED) {
        change(List.of(dated.next(name + "-dated-" + batch)));
      }
      journal.over().await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS);
    }
    change(dated.last(name + "-last"));
    return null;
  }

  private void updates(int batch) throws IOException, InterruptedException {
    List<Update> updates = new ArrayList<>();
    int size = 1 + random.nextInt(BATCH_MAX);
    for (int i = 0; i < size; i++) {
      updates.add(Update.random(name + "-" + batch + "-" + i, random));
    }
    int first = timeline.first();
    List<Accepted> accepted = deliver(updates.stream().map(Update::json).toList());
    outcomes.answered(updates, accepted, first);
  }

  /** Some may be of the same entity, and others change it at the same time. */
  private void shared(int batch) throws IOException, InterruptedException {
    List<JsonObject> events = new ArrayList<>();
    int size = 1 + random.nextInt(SHARED_MAX);
    for (int i = 0; i < size; i++) {
      events.add(shared.update(name + SHARED + batch + "-" + i, random));
    }
    deliver(events);
  }

  /** Whether an event of this id is of an entity that others change, too. */
  static boolean isShared(String id) {
    return id.contains(SHARED);
  }

  private void change(List<DatedEntities.Change> changes) throws IOException, InterruptedException {
    if (!changes.isEmpty()) {
      deliver(changes.stream().map(DatedEntities.Change::event).toList());
      changes.forEach(change -> change.acknowledged().run());
    }
  }

  /** Sends events until all are acknowledged, and notes both. */
  private List<Accepted> deliver(List<JsonObject> events) throws IOException, InterruptedException {
    events.forEach(journal::sent);
    JsonObject body = new JsonObject().put("events", new JsonArray(events));
    ApiClient.Posted posted = ApiClient.posted(doors.post(random, "/events", body).ok());
    if (!posted.rejected().isEmpty() || posted.accepted().size() != events.size()) {
      throw new IOException("not all were accepted: " + posted);
    }
    for (Accepted one : posted.accepted()) {
      journal.acknowledged(events.get(one.index()).getString("id"), one);
    }
    return posted.accepted();
  }
}
