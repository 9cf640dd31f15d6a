package dev.tocsin.faults;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long it takes until one node goes by what another acknowledged, without trouble: what a dead
 * event bus costs.
 */
final class ClusterPace {
  private static final String EVENT = "configuration.account.created";
  private static final String RULES = "/notifications/configurations";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int CHANGES = 60;
  private static final int STREAMED = 60;
  private static final int REVOKED = 10;
  private static final int PAUSE_MILLIS = 50;

  private final ClusterGround ground;
  private final Account account;
  private final List<URI> addresses;
  private final Random random = new Random(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /** In microseconds, by what was measured. */
  record Measured(Map<String, Histogram> micros) {
    JsonObject json() {
      JsonObject all = new JsonObject();
      micros.forEach((what, times) ->
          all.put(
              what,
              new JsonObject()
                  .put("count", times.getTotalCount())
                  .put("p50", times.getValueAtPercentile(50) / 1e3)
                  .put("p99", times.getValueAtPercentile(99) / 1e3)));
      return all;
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      micros.forEach((what, times) ->
          text.append(
              String.format(
                  Locale.ROOT,
                  "%-34s p50 %.1f ms, p99 %.1f ms, of %d%n",
                  what,
                  times.getValueAtPercentile(50) / 1e3,
                  times.getValueAtPercentile(99) / 1e3,
                  times.getTotalCount())));
      return text.toString();
    }
  }

  ClusterPace(ClusterGround ground) {
    this.ground = ground;
    this.account = new Account(UUID.randomUUID().toString(), "pace", "secret");
    this.addresses = ground.nodes().stream().map(ClusterNode::address).toList();
  }

  /** Measures on the first two nodes: what the one acknowledged, the other is asked for. */
  Measured measure() throws IOException, InterruptedException {
    ground.declare(account);
    Map<String, Histogram> measured = new LinkedHashMap<>();
    try (ApiClient one = new ApiClient(addresses.get(0), account, PATIENCE);
        ApiClient other = new ApiClient(addresses.get(1), account, PATIENCE);
        Doors doors = new Doors(addresses.subList(1, 2), account, done)) {
      for (ApiClient node : List.of(one, other)) {
        until(
            "the organization is taken up",
            () -> node.token().status() == 200 || done.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
      }
      measured.put("rule change to effect", rules(one, other));
      measured.put("acknowledged to streamed", streams(one, doors));
      measured.put("key deleted to refused", keys(one));
      return new Measured(measured);
    } finally {
      done.countDown();
    }
  }

  /** Something that is asked again and again. */
  private interface Question {
    boolean isAnswered() throws IOException, InterruptedException;
  }

  /** Asks until the answer is yes; after too long there is no figure, but an end. */
  private static void until(String what, Question question)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!question.isAnswered()) {
      if (System.nanoTime() > end) {
        throw new IOException(PATIENCE + " were not enough until " + what);
      }
    }
  }

  /** From a change's acknowledgement by one node until another has judged an event by it. */
  private Histogram rules(ApiClient one, ApiClient other) throws IOException, InterruptedException {
    Histogram micros = new Histogram(3);
    String id = one.ruleThatAlwaysFires("pace", EVENT);
    JsonObject rule = one.get(RULES + "/" + id).ok();
    for (int i = 0; i < CHANGES; i++) {
      pause();
      String code = "pace" + i;
      rule =
          one.put(
                  RULES + "/" + id,
                  new JsonObject()
                      .put("code", code)
                      .put("name", code)
                      .put("description", "changes")
                      .put("eventName", EVENT)
                      .put("alwaysFireEvent", true)
                      .put("active", true)
                      .put("version", rule.getLong("version")))
              .ok();
      long acknowledged = System.nanoTime();
      JsonObject event = event("rule" + i);
      until("a rule is in force", () -> code.equals(fired(other, event)));
      micros.recordValue((System.nanoTime() - acknowledged) / 1_000);
    }
    one.delete(RULES + "/" + id).ok();
    return micros;
  }

  private static String fired(ApiClient node, JsonObject event)
      throws IOException, InterruptedException {
    return node.events(event).accepted().getFirst().notifications().getFirst().code();
  }

  /** From an event's acknowledgement by one node until a stream of another has it. */
  private Histogram streams(ApiClient one, Doors doors) throws IOException, InterruptedException {
    Histogram micros = new Histogram(3);
    CountDownLatch read = new CountDownLatch(1);
    StreamReader reader =
        new StreamReader(addresses.subList(1, 2), account.organization(), doors, 1, read);
    Thread thread = Thread.ofVirtual().start(reader);
    try {
      reader.awaitConnected(PATIENCE);
      for (int i = 0; i < STREAMED; i++) {
        pause();
        one.events(event("stream" + i));
        long acknowledged = System.nanoTime();
        reader.await(i + 1, PATIENCE);
        micros.recordValue((System.nanoTime() - acknowledged) / 1_000);
      }
      return micros;
    } finally {
      read.countDown();
      thread.interrupt();
    }
  }

  /** From the deletion of a key at one node until another refuses it. */
  private Histogram keys(ApiClient one) throws IOException, InterruptedException {
    Histogram micros = new Histogram(3);
    String user = one.create("/serviceusers", new JsonObject().put("name", "pace"));
    for (int i = 0; i < REVOKED; i++) {
      JsonObject key = one.post("/serviceusers/" + user + "/accesskeys", new JsonObject()).ok();
      String accessKey = key.getString("accessKey");
      Account holder = new Account(account.organization(), accessKey, key.getString("secret"));
      try (ApiClient held = new ApiClient(addresses.get(1), holder, PATIENCE)) {
        held.token().ok();
        pause();
        one.delete("/serviceusers/" + user + "/accesskeys/" + accessKey).ok();
        long deleted = System.nanoTime();
        until("a key is refused", () -> held.token().status() != 200);
        micros.recordValue((System.nanoTime() - deleted) / 1_000);
      }
    }
    return micros;
  }

  private void pause() throws InterruptedException {
    done.await(random.nextInt(PAUSE_MILLIS), TimeUnit.MILLISECONDS);
  }

  private static JsonObject event(String id) {
    return new JsonObject().put("eventName", EVENT).put("new", new JsonObject().put("id", id));
  }
}
