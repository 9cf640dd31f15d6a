package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.ContractCheck;
import dev.tocsin.faults.RuleHistory.Observation;
import dev.tocsin.faults.RuleHistory.State;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers share a database and nothing else: no bus tells one what the other changed. Whatever
 * a rule's author was told is in force must be, on both, for every event sent after that.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TwoServersHttpTest {
  private static final String EVENT = "configuration.account.created";
  private static final int ROUNDS = 25;

  /** Events to be acknowledged between two changes, so that each state is seen at work. */
  private static final int EVENTS_BETWEEN = 6;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  private final RuleHistory history = new RuleHistory();
  private final ConcurrentLinkedQueue<Observation> observations = new ConcurrentLinkedQueue<>();
  private final AtomicInteger nextEvent = new AtomicInteger();
  private final Semaphore acknowledged = new Semaphore(0);
  private final AtomicBoolean done = new AtomicBoolean();

  @Test
  void a_rule_change_is_in_force_on_both_servers_once_it_is_acknowledged() throws Exception {
    try (ServerProcess first = start("first");
        ServerProcess second = start("second");
        ApiClient one =
            new ApiClient(first.address(), ApiClient.Account.DEMO, ContractCheck::check);
        ApiClient two =
            new ApiClient(second.address(), ApiClient.Account.DEMO, ContractCheck::check);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> senders = new ArrayList<>();
      for (ApiClient api : List.of(one, two, one, two)) {
        senders.add(threads.submit(() -> post(api)));
      }
      for (int round = 0; round < ROUNDS; round++) {
        createChangeAndDelete(round, round % 2 == 0 ? one : two, round % 3 == 0 ? one : two);
      }
      done.set(true);
      for (Future<?> sender : senders) {
        sender.get();
      }
    }
    assertThat(history.changes()).isEqualTo(3 * ROUNDS);
    assertThat(observations).hasSizeGreaterThan(3 * ROUNDS * EVENTS_BETWEEN);
    assertThat(observations.stream().filter(event -> event.fired() != null)).isNotEmpty();
    assertThat(observations).allMatch(history::explains);
  }

  private ServerProcess start(String name) throws IOException {
    return ServerProcess.start(
        ServerPlan.ofClassPath(home.resolve(name))
            .with("TOCSIN_POSTGRES_URI", postgres.uri())
            .with("TOCSIN_SECRETS_KEY", "a secret that both servers are given"),
        Duration.ofMinutes(2));
  }

  private void createChangeAndDelete(int round, ApiClient author, ApiClient other)
      throws Exception {
    String before = "rule_" + round;
    String after = before + "_changed";
    JsonObject[] rule = new JsonObject[1];
    String path = "/notifications/configurations";
    change(before, () -> rule[0] = author.post(path, rule(before)).ok());
    String own = path + "/" + rule[0].getString("id");
    change(
        after, () -> other.put(own, rule(after).put("version", rule[0].getLong("version"))).ok());
    change(null, () -> author.delete(own).ok());
  }

  private static JsonObject rule(String code) {
    return new JsonObject()
        .put("code", code)
        .put("name", code)
        .put("description", "changes all the time")
        .put("eventName", EVENT)
        .put("calculation", "new.id != null");
  }

  private void change(@Nullable String code, Callable<?> call) throws Exception {
    acknowledged.drainPermits();
    acknowledged.acquire(EVENTS_BETWEEN);
    long requested = System.nanoTime();
    call.call();
    history.add(new State(code, requested, System.nanoTime()));
  }

  private @Nullable Void post(ApiClient api) throws IOException, InterruptedException {
    while (!done.get()) {
      JsonObject account = new JsonObject().put("id", "a" + nextEvent.incrementAndGet());
      JsonObject event = new JsonObject().put("eventName", EVENT).put("new", account);
      long sent = System.nanoTime();
      List<ApiClient.Fired> fired = api.events(event).accepted().getFirst().notifications();
      observations.add(
          new Observation(
              sent, System.nanoTime(), fired.isEmpty() ? null : fired.getFirst().code()));
      acknowledged.release();
    }
    return null;
  }
}
