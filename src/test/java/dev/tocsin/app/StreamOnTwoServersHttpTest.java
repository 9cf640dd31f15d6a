package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import dev.tocsin.stream.SseClient;
import dev.tocsin.stream.SseClient.Frame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two servers share a database and nothing else; both stream what either of them stored. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StreamOnTwoServersHttpTest {
  private static final Account ACME =
      new Account(new UUID(0, 1).toString(), "acme-key", "s:e:cret");
  private static final int WRITERS = 4;
  private static final int BATCHES = 25;
  private static final int BATCH = 8;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final List<Server> servers = new ArrayList<>();
  private final List<ApiClient> clients = new ArrayList<>();
  private String token;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    WholeServers.declare(home, ACME, "");
    server(home);
    server(home);
    token = token();
  }

  private void server(Path home) throws IOException {
    Server server =
        WholeServers.start(
            postgres,
            home,
            Map.of(
                "TOCSIN_POSTGRES_POOL_SIZE", "4",
                "TOCSIN_STREAM_POLL_EVERY", "PT0.05S",
                "TOCSIN_STREAM_READ_EVENTS_MAX", "7"));
    servers.add(server);
    clients.add(WholeServers.client(server, ACME));
  }

  private String token() {
    WebClient web = WebClient.create(postgres.vertx());
    try {
      HttpResponse<Buffer> answer =
          web.post(servers.getFirst().port(), "127.0.0.1", "/oauth/token")
              .basicAuthentication(ACME.accessKey(), ACME.secret())
              .sendBuffer(Buffer.buffer("{\"grant_type\":\"client_credentials\"}"))
              .toCompletionStage()
              .toCompletableFuture()
              .orTimeout(20, TimeUnit.SECONDS)
              .join();
      return Objects.requireNonNull(answer.bodyAsJsonObject()).getString("access_token");
    } finally {
      web.close();
    }
  }

  @AfterAll
  void stop() {
    clients.forEach(ApiClient::close);
    servers.forEach(Server::close);
  }

  @Test
  void a_notification_is_streamed_with_the_event_it_tells_of() throws Exception {
    clients.getFirst().ruleThatAlwaysFires("born", "configuration.account.created");
    try (SseClient there =
        open(1, "?eventName=notification.born,configuration.account.created", null)) {
      JsonObject account = new JsonObject().put("id", "a1");
      String id =
          clients
              .getFirst()
              .events(event("configuration.account.created", account))
              .accepted()
              .getFirst()
              .id();

      Frame first = there.next();
      Frame second = there.next();
      assertThat(List.of(String.valueOf(first.event()), String.valueOf(second.event())))
          .containsExactlyInAnyOrder("configuration.account.created", "notification.born");
      Frame notification = "notification.born".equals(first.event()) ? first : second;
      assertThat(
              new JsonObject(notification.data())
                  .getJsonObject("m3terEvent")
                  .getJsonObject("eventData")
                  .getJsonObject("newDto")
                  .getString("causeEventId"))
          .isEqualTo(id);
    }
  }

  /**
   * Writers post through both servers, so that commits end in another order than that of their ids,
   * while readers are cut off and resume, now at the one, now at the other.
   */
  @Test
  void everybody_gets_everything_once_and_in_one_order_while_both_servers_commit()
      throws Exception {
    List<Reader> readers = List.of(new Reader(0, 1), new Reader(1, 2), new Reader(0, 3));
    AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
    List<Thread> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      writers.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  write(number);
                } catch (Exception | Error e) {
                  failed.set(e);
                }
              }));
    }
    List<List<String>> read = new ArrayList<>();
    for (Reader reader : readers) {
      read.add(reader.read(WRITERS * BATCHES * BATCH));
    }
    for (Thread writer : writers) {
      writer.join();
    }

    assertThat(failed.get()).isNull();
    Set<String> once = new HashSet<>(read.getFirst());
    assertThat(once).hasSize(WRITERS * BATCHES * BATCH);
    assertThat(read.get(1)).isEqualTo(read.getFirst());
    assertThat(read.get(2)).isEqualTo(read.getFirst());
  }

  private void write(int writer) throws Exception {
    for (int batch = 0; batch < BATCHES; batch++) {
      JsonObject[] events = new JsonObject[BATCH];
      for (int i = 0; i < BATCH; i++) {
        events[i] =
            event(
                "configuration.plan.created",
                new JsonObject().put("id", writer + "-" + batch + "-" + i));
      }
      JsonObject body = new JsonObject().put("events", new JsonArray(List.of(events)));
      assertThat(clients.get((writer + batch) % 2).events(body).rejected()).isEmpty();
    }
  }

  /** Somebody who is cut off now and then. */
  private final class Reader {
    private final Random random;
    private int server;
    private SseClient stream;

    Reader(int server, long seed) {
      this.server = server;
      this.random = new Random(seed);
      this.stream = open(server, "?eventName=configuration.plan.created", null);
    }

    List<String> read(int count) {
      List<String> ids = new ArrayList<>();
      while (ids.size() < count) {
        ids.add(String.valueOf(stream.next().id()));
        if (random.nextInt(40) == 0) {
          stream.close();
          server = 1 - server;
          stream = open(server, "?eventName=configuration.plan.created", ids.getLast());
          assertThat(stream.status()).isEqualTo(200);
        }
      }
      stream.close();
      return ids;
    }
  }

  private SseClient open(int server, String query, @Nullable String last) {
    return SseClient.open(
        postgres.vertx(),
        servers.get(server).port(),
        "/organizations/" + ACME.organization() + "/events/stream" + query,
        token,
        last == null ? Map.of() : Map.of("Last-Event-ID", last));
  }

  private static JsonObject event(String name, JsonObject state) {
    return new JsonObject().put("eventName", name).put("new", state);
  }
}
