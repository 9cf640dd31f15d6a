package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.multimap.MultiMap;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** An application in the cluster of two servers, over Hazelcast and with certificates. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ApplicationHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "TOCSIN_POSTGRES_POOL_SIZE", "4",
          "TOCSIN_CLUSTER_HEARTBEAT_EVERY", "PT1S",
          "TOCSIN_STREAM_KEEP_ALIVE_EVERY", "PT1S");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @TempDir Path home;

  private final List<Server> servers = new ArrayList<>();
  private Application application;

  @BeforeEach
  void start() throws Exception {
    WholeServers.declare(home, ACME, "");
    List<Map<String, String>> nodes = Clusters.settings(home, 2);
    for (Map<String, String> node : nodes) {
      servers.add(Clusters.start(postgres, home, node, SETTINGS));
    }
    for (Server server : servers) {
      Clusters.awaitMembers(server, members -> members.size() == 2);
    }
    try (ApiClient acme = Clusters.client(servers.getLast(), ACME)) {
      application = Application.join(home, nodes, acme.token().ok().getString("access_token"));
    }
  }

  @AfterEach
  void stop() {
    if (application != null) {
      application.close();
    }
    servers.forEach(Server::close);
  }

  @Test
  void it_sends_and_follows_events_and_goes_on_when_the_server_that_serves_it_stops()
      throws Exception {
    try (ApiClient acme = Clusters.client(servers.getLast(), ACME)) {
      acme.ruleThatAlwaysFires("born", "configuration.account.created");
    }
    String zeroth =
        application.store(
            new JsonObject()
                .put("eventName", "configuration.product.created")
                .put("new", new JsonObject().put("id", "p")));
    BlockingQueue<JsonObject> events =
        application.follow("tocsin.events", ACME.organization(), zeroth);
    Server serving = serving();
    BlockingQueue<JsonObject> notifications =
        application.follow("tocsin.notifications", ACME.organization(), zeroth);
    while (streams() < 2) {
      Thread.onSpinWait();
    }

    String first = application.store(account("a1"));
    assertThat(Application.next(events).getString("id")).isEqualTo(first);
    String notified = Application.next(events).getString("id");
    assertThat(Application.next(notifications).getString("id")).isEqualTo(notified);

    servers.remove(serving);
    serving.close();
    String second = application.store(account("a2"));
    assertThat(Application.next(events).getString("id")).isEqualTo(second);
    assertThat(Application.next(notifications).getString("id"))
        .isEqualTo(Application.next(events).getString("id"));
    assertThat(events).isEmpty();
    assertThat(notifications).isEmpty();
  }

  @Test
  void servers_do_not_wait_to_hear_of_it() throws Exception {
    application.store(account("a3"));

    for (Server server : servers) {
      JsonObject health = Clusters.health(server);
      assertThat(health.getJsonArray("members")).hasSize(2);
      assertThat(health.getJsonArray("degraded")).isNullOrEmpty();
    }
  }

  /**
   * As after a split, or when too many members went at once. Vert.x restores subscriptions when a
   * member leaves; here all stay, and hear each other.
   */
  @Test
  void it_is_served_again_when_the_cluster_has_lost_where_servers_listen() throws Exception {
    String before = application.store(account("a4"));
    MultiMap<Object, Object> subscriptions =
        Hazelcast.getAllHazelcastInstances().iterator().next().getMultiMap("__vertx.subs");
    for (String address : List.of("tocsin.ingest", "tocsin.events", "tocsin.notifications")) {
      assertThat(subscriptions.remove(address)).isNotEmpty();
    }

    BlockingQueue<JsonObject> events =
        application.follow("tocsin.events", ACME.organization(), before);
    serving();
    String id = application.store(account("a5"));
    assertThat(Application.next(events).getString("id")).isEqualTo(id);
  }

  /** Members of other minor versions of Hazelcast are not let in, so the page has to name it. */
  @Test
  void the_page_names_the_versions_that_the_servers_have() throws Exception {
    assertThat(Files.readString(Path.of("docs/bus.md")))
        .contains("`io.vertx:vertx-hazelcast` " + vertxVersion())
        .contains("Hazelcast " + BuildInfoProvider.getBuildInfo().getVersion());
  }

  private static String vertxVersion() throws IOException {
    try (InputStream version =
        Objects.requireNonNull(
            ApplicationHttpTest.class.getResourceAsStream("/META-INF/vertx/vertx-version.txt"))) {
      return new String(version.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** The one that shows events to the application, once one does. */
  private Server serving() throws IOException, InterruptedException {
    while (true) {
      for (Server server : servers) {
        if (Clusters.meter(server, "tocsin_stream_open") == 1) {
          return server;
        }
      }
    }
  }

  private double streams() throws IOException, InterruptedException {
    double open = 0;
    for (Server server : servers) {
      open += Clusters.meter(server, "tocsin_stream_open");
    }
    return open;
  }

  private static JsonObject account(String id) {
    return new JsonObject()
        .put("id", "event-" + id)
        .put("eventName", "configuration.account.created")
        .put("new", new JsonObject().put("id", id));
  }
}
