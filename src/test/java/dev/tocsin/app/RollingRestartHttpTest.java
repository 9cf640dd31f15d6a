package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.FreePorts;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
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
 * Two nodes are stopped and started in turn under clients that do no more than to send a request
 * again to the other node, when one answers 503 or does not answer.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RollingRestartHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final String BASIC =
      Base64.getEncoder()
          .encodeToString(
              (ACME.accessKey() + ":" + ACME.secret()).getBytes(StandardCharsets.UTF_8));
  private static final int CLIENTS = 4;
  private static final int BATCH = 5;
  private static final int RESTARTS = 3;

  /** Batches acknowledged between two steps. */
  private static final int BATCHES_BETWEEN = 20;

  /** Both nodes are never away together, so no request goes round more often than this. */
  private static final int TRIES_MAX = 1_000;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  private final ConcurrentMap<String, String> acknowledged = new ConcurrentHashMap<>();
  private final Semaphore batches = new Semaphore(0);
  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicInteger retries = new AtomicInteger();
  private final AtomicInteger next = new AtomicInteger();
  private final List<URI> addresses = new ArrayList<>();

  @Test
  void no_request_fails_and_every_acknowledged_event_is_stored_once() throws Exception {
    WholeServers.declare(home, ACME, "");
    List<Map<String, String>> nodes = new ArrayList<>();
    for (Map<String, String> node : Clusters.settings(home, 2)) {
      Map<String, String> own = new HashMap<>(node);
      int port = FreePorts.one();
      own.put("TOCSIN_HTTP_PORT", String.valueOf(port));
      own.put("TOCSIN_POSTGRES_POOL_SIZE", "4");
      nodes.add(own);
      addresses.add(URI.create("http://127.0.0.1:" + port));
    }
    Server[] servers = {start(nodes.get(0)), start(nodes.get(1))};
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int client = i;
        clients.add(threads.submit(() -> send(client)));
      }
      try {
        for (int i = 0; i < RESTARTS; i++) {
          batches.acquire(BATCHES_BETWEEN);
          servers[i % 2].close();
          batches.acquire(BATCHES_BETWEEN);
          // A process takes longer to start than to be missed; one that does not is taken for
          // itself.
          Clusters.awaitMembers(servers[1 - i % 2], members -> members.size() == 1);
          servers[i % 2] = start(nodes.get(i % 2));
          Clusters.awaitMembers(servers[i % 2], members -> members.size() == 2);
        }
        batches.acquire(BATCHES_BETWEEN);
      } finally {
        done.set(true);
      }
      for (Future<?> client : clients) {
        client.get();
      }
      verify(servers[0]);
    } finally {
      servers[0].close();
      servers[1].close();
    }
  }

  private Server start(Map<String, String> node) throws IOException {
    return Clusters.start(postgres, home, node, Map.of());
  }

  private void verify(Server server) throws Exception {
    assertThat(acknowledged.size()).isGreaterThanOrEqualTo(2 * RESTARTS * BATCHES_BETWEEN * BATCH);
    assertThat(retries.get()).isPositive();
    Map<String, String> stored = new HashMap<>();
    try (ApiClient reader = Clusters.client(server, ACME)) {
      for (JsonObject event :
          reader.list("/events?eventName=configuration.plan.created&pageSize=100")) {
        String plan =
            event
                .getJsonObject("m3terEvent")
                .getJsonObject("eventData")
                .getJsonObject("newDto")
                .getString("id");
        assertThat(stored.put(plan, event.getString("id"))).as(plan).isNull();
      }
    }
    assertThat(stored).isEqualTo(acknowledged);
  }

  private @Nullable Void send(int client) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      int node = client % 2;
      while (!done.get()) {
        List<String> plans = new ArrayList<>();
        JsonArray events = new JsonArray();
        for (int i = 0; i < BATCH; i++) {
          String plan = "plan" + next.incrementAndGet();
          plans.add(plan);
          events.add(
              new JsonObject()
                  .put("id", plan)
                  .put("eventName", "configuration.plan.created")
                  .put("new", new JsonObject().put("id", plan)));
        }
        JsonArray accepted =
            post(http, node, new JsonObject().put("events", events)).getJsonArray("accepted");
        for (int i = 0; i < BATCH; i++) {
          acknowledged.put(plans.get(i), accepted.getJsonObject(i).getString("id"));
        }
        batches.release();
        node = 1 - node;
      }
    }
    return null;
  }

  /** What one of both nodes answers, the given one if it can. */
  private JsonObject post(HttpClient http, int node, JsonObject body)
      throws IOException, InterruptedException {
    String path = "/organizations/" + ACME.organization() + "/events";
    for (int i = 0; i < TRIES_MAX; i++) {
      URI address = addresses.get((node + i) % 2);
      String token = token(http, address);
      HttpResponse<String> answer =
          token == null
              ? null
              : exchange(
                  http,
                  HttpRequest.newBuilder(address.resolve(path))
                      .header("authorization", "Bearer " + token)
                      .header("content-type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(body.encode())));
      if (answer != null) {
        return new JsonObject(answer.body());
      }
    }
    throw new AssertionError("no node answers");
  }

  private @Nullable String token(HttpClient http, URI address)
      throws IOException, InterruptedException {
    HttpResponse<String> answer =
        exchange(
            http,
            HttpRequest.newBuilder(address.resolve("/oauth/token"))
                .header("authorization", "Basic " + BASIC)
                .header("content-type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "{\"grant_type\":\"client_credentials\"}")));
    return answer == null ? null : new JsonObject(answer.body()).getString("access_token");
  }

  /** Null for what is to be sent again; anything else but success is a failed request. */
  private @Nullable HttpResponse<String> exchange(HttpClient http, HttpRequest.Builder request)
      throws InterruptedException {
    try {
      HttpResponse<String> answer =
          http.send(request.build(), HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 503) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer;
      }
    } catch (IOException e) {
      Objects.requireNonNull(e); // Refused, or closed before there was an answer.
    }
    retries.incrementAndGet();
    return null;
  }
}
