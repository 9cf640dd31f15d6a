package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Sends batches with ids to any node, each again until it is acknowledged: updates that rules are
 * asked about, and bills whose dates come soon.
 */
final class ClusterSender implements Callable<Void> {
  private static final int BATCH_MAX = 16;
  private static final int PAUSE_MILLIS = 160;
  private static final int BILLS_OF_A_HUNDRED = 40;
  private static final int DUE_WITHIN_MILLIS = 8_000;

  private final String name;
  private final Random random;
  private final Doors doors;
  private final ClusterJournal journal;
  private final RuleTimeline timeline;
  private final Outcomes outcomes;

  ClusterSender(
      String name,
      long seed,
      Doors doors,
      ClusterJournal journal,
      RuleTimeline timeline,
      Outcomes outcomes) {
    this.name = name;
    this.random = new Random(seed);
    this.doors = doors;
    this.journal = journal;
    this.timeline = timeline;
    this.outcomes = outcomes;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    for (int batch = 0; !journal.isOver(); batch++) {
      updates(batch);
      if (random.nextInt(100) < BILLS_OF_A_HUNDRED) {
        bill(batch);
      }
      journal.over().await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS);
    }
    return null;
  }

  private void updates(int batch) throws IOException, InterruptedException {
    List<Update> updates = new ArrayList<>();
    JsonArray events = new JsonArray();
    int size = 1 + random.nextInt(BATCH_MAX);
    for (int i = 0; i < size; i++) {
      Update update = Update.random(name + "-" + batch + "-" + i, random);
      updates.add(update);
      events.add(update.json());
      journal.sent(update.id());
    }
    int first = timeline.first();
    List<Accepted> accepted = deliver(events);
    for (Accepted one : accepted) {
      journal.acknowledged(updates.get(one.index()).id(), one);
    }
    outcomes.answered(updates, accepted, first);
  }

  private void bill(int batch) throws IOException, InterruptedException {
    String id = name + "-bill-" + batch;
    Instant due =
        Instant.now().plusMillis(random.nextInt(DUE_WITHIN_MILLIS)).truncatedTo(ChronoUnit.MILLIS);
    JsonObject state = new JsonObject().put("id", id).put("endDate", due.toString());
    JsonObject event =
        new JsonObject().put("id", id).put("eventName", "billing.bill.updated").put("new", state);
    journal.sent(id);
    journal.acknowledged(id, deliver(new JsonArray().add(event)).getFirst());
    journal.due(id, due);
  }

  private List<Accepted> deliver(JsonArray events) throws IOException, InterruptedException {
    Answer answer = doors.post(random, "/events", new JsonObject().put("events", events));
    ApiClient.Posted posted = ApiClient.posted(answer.ok());
    if (!posted.rejected().isEmpty() || posted.accepted().size() != events.size()) {
      throw new IOException("not all were accepted: " + posted);
    }
    return posted.accepted();
  }
}
