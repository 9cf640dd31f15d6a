package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A sender that does what senders should: it gives each event an id, and sends a request again,
 * just as it was, until it is acknowledged.
 */
final class Client implements Runnable {
  private static final int BATCH_MAX = 20;
  private static final int STEP_MAX = 30;
  private static final Set<Integer> COME_AGAIN = Set.of(429, 500, 502, 503, 504);

  private final String name;
  private final Random random;
  private final ApiClient api;
  private final Journal journal;
  private int events;
  private int commitment;
  private @Nullable Integer spent;

  Client(String name, long seed, ApiClient api, Journal journal) {
    this.name = name;
    this.random = new Random(seed);
    this.api = api;
    this.journal = journal;
  }

  @Override
  public void run() {
    try {
      while (!journal.isOver()) {
        deliver(batch());
        journal.over().await(random.nextInt(100), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      journal.broken(name + ": " + e);
    }
  }

  private List<Sent> batch() {
    List<Sent> batch = new ArrayList<>();
    int size = 1 + random.nextInt(BATCH_MAX);
    for (int i = 0; i < size; i++) {
      String id = name + "-" + events++;
      batch.add(random.nextInt(3) == 0 ? Sent.account(id) : nextUpdate(id));
    }
    return batch;
  }

  /** Spends a bit more of the commitment at hand, and goes on to the next when it is used up. */
  private Sent nextUpdate(String id) {
    int after = (spent == null ? 0 : spent) + 1 + random.nextInt(STEP_MAX);
    Sent update = Sent.commitment(id, name + "-c" + commitment, spent, after);
    spent = after;
    if (after > 120) {
      commitment++;
      spent = null;
    }
    return update;
  }

  private void deliver(List<Sent> batch) throws InterruptedException {
    JsonArray events = new JsonArray();
    batch.forEach(sent -> events.add(sent.event()));
    JsonObject body = new JsonObject().put("events", events);
    batch.forEach(journal::sent);
    boolean again = false;
    while (true) {
      Journal.Period period = journal.period();
      Answer answer = post(body);
      if (answer != null && answer.status() == 200) {
        acknowledged(batch, ApiClient.posted(answer.body()), again, period);
        return;
      }
      if (answer != null && !COME_AGAIN.contains(answer.status())) {
        throw new IllegalStateException("answer " + answer.status() + " " + answer.body());
      }
      again = true;
      journal.repeated();
      // Waits, but not beyond the end of a campaign that has gone wrong.
      if (journal.broke().await(20 + random.nextInt(80), TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  private @Nullable Answer post(JsonObject body) throws InterruptedException {
    try {
      return api.post("/events", body);
    } catch (IOException e) {
      return null; // The server is away.
    }
  }

  private void acknowledged(
      List<Sent> batch, ApiClient.Posted posted, boolean again, Journal.Period sentIn) {
    if (!posted.rejected().isEmpty() || posted.accepted().size() != batch.size()) {
      throw new IllegalStateException("not all were accepted: " + posted);
    }
    for (Accepted accepted : posted.accepted()) {
      if (accepted.isDuplicate() && !again) {
        throw new IllegalStateException("a first request was a repetition: " + accepted);
      }
      journal.acknowledged(batch.get(accepted.index()), accepted, sentIn);
    }
  }
}
