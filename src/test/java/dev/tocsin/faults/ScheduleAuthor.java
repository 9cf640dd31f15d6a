package dev.tocsin.faults;

import dev.tocsin.process.ApiClient.Answer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Turns a scheduled event configuration from bills to balances and back again, through any node, so
 * that all that is stored is armed anew each time.
 */
final class ScheduleAuthor implements Callable<Void> {
  static final String FIELD = "endDate";
  static final String PATH = "/scheduledevents/configurations";

  private static final String LAST_PART = "turning";
  private static final int PAUSE_MILLIS = 2_000;

  private final Doors doors;
  private final ClusterJournal journal;
  private final Random random;
  private volatile String entity = Appointments.BILL;
  private JsonObject held = new JsonObject();
  private final AtomicInteger turns = new AtomicInteger();

  ScheduleAuthor(Doors doors, ClusterJournal journal, long seed) {
    this.doors = doors;
    this.journal = journal;
    this.random = new Random(seed);
  }

  /** Makes the configuration, which is about bills at first. */
  void begin() throws IOException, InterruptedException {
    held = doors.calm().post(PATH, configuration(entity)).ok();
  }

  @Override
  public Void call() throws IOException, InterruptedException {
    while (!journal.over().await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
      turn(entity.equals(Appointments.BILL) ? Appointments.BALANCE : Appointments.BILL);
    }
    return null;
  }

  private void turn(String to) throws IOException, InterruptedException {
    String path = PATH + "/" + Objects.requireNonNull(held.getString("id"), "id");
    JsonObject body = configuration(to).put("version", held.getLong("version"));
    Answer answer = doors.ask(random, node -> node.put(path, body));
    JsonObject saved =
        answer.isRefused("stale_version")
            ? doors.ask(random, node -> node.get(path)).ok()
            : answer.ok();
    if (!to.equals(saved.getString("entity"))) {
      throw new IOException("asked for " + body + ", and there is " + saved);
    }
    held = saved;
    entity = to;
    turns.incrementAndGet();
  }

  private static JsonObject configuration(String entity) {
    return new JsonObject()
        .put("name", "scheduled." + entity.toLowerCase(Locale.ROOT) + "." + LAST_PART)
        .put("entity", entity)
        .put("field", FIELD)
        .put("offset", 0);
  }

  /** Whether an event came of this configuration, whatever it was about then. */
  static boolean hasMade(JsonObject event) {
    return event.getString("eventName").endsWith("." + LAST_PART);
  }

  /** What the configuration is about, as far as is acknowledged. */
  String entity() {
    return entity;
  }

  int turns() {
    return turns.get();
  }
}
