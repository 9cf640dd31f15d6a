package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sends batches of events over one connection, one after the other, until it is told to end. */
final class UpdateSender implements Callable<Void> {
  private static final int BATCH = 100;

  private final String name;
  private final Random random;
  private final ApiClient api;
  private final RuleTimeline timeline;
  private final Outcomes outcomes;
  private final AtomicBoolean over;

  UpdateSender(
      String name,
      long seed,
      ApiClient api,
      RuleTimeline timeline,
      Outcomes outcomes,
      AtomicBoolean over) {
    this.name = name;
    this.random = new Random(seed);
    this.api = api;
    this.timeline = timeline;
    this.outcomes = outcomes;
    this.over = over;
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    for (int batch = 0; !over.get(); batch++) {
      send(batch);
    }
    return null;
  }

  private void send(int batch) throws IOException, InterruptedException {
    List<Update> updates = new ArrayList<>(BATCH);
    JsonArray events = new JsonArray();
    for (int i = 0; i < BATCH; i++) {
      Update update = Update.random(name + "-" + batch + "-" + i, random);
      updates.add(update);
      events.add(update.json());
    }
    int first = timeline.first();
    ApiClient.Posted posted = api.events(new JsonObject().put("events", events));
    if (posted.accepted().size() != BATCH) {
      throw new IllegalStateException("not all were accepted: " + posted.rejected());
    }
    outcomes.answered(updates, posted.accepted(), first);
  }
}
