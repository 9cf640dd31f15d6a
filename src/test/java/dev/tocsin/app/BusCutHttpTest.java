package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.Cable;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.process.ApiClient.Fired;
import dev.tocsin.process.FreePorts;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two members of a cluster between whom no message of the event bus passes: all is as it must be,
 * as soon as the looks come that are there without.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BusCutHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final Map<String, String> SETTINGS =
      Map.of(
          "TOCSIN_POSTGRES_POOL_SIZE", "4",
          "TOCSIN_CLUSTER_HEARTBEAT_EVERY", "PT1S",
          "TOCSIN_CLUSTER_SILENT_MAX", "PT3S",
          "TOCSIN_ACCESS_REMEMBERED", "PT1S",
          "TOCSIN_STREAM_POLL_EVERY", "PT0.2S");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final List<Server> servers = new ArrayList<>();
  private final List<ApiClient> clients = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    for (Map<String, String> node : Clusters.settings(home, 2)) {
      int port = FreePorts.one();
      Cable cable = new Cable(port);
      cable.cut();
      cables.add(cable);
      Map<String, String> settings = new HashMap<>(SETTINGS);
      settings.put("TOCSIN_CLUSTER_BUS_PORT", String.valueOf(port));
      settings.put("TOCSIN_CLUSTER_PUBLIC_BUS_PORT", String.valueOf(cable.port()));
      Server server = Clusters.start(postgres, home, node, settings);
      servers.add(server);
      clients.add(Clusters.client(server, ACME));
    }
    for (Server server : servers) {
      Clusters.awaitMembers(server, members -> members.size() == 2);
    }
  }

  @AfterAll
  void stop() throws Exception {
    clients.forEach(ApiClient::close);
    servers.forEach(Server::close);
    for (Cable cable : cables) {
      cable.close();
    }
  }

  @Test
  void all_is_right_and_comes_with_the_next_look() throws Exception {
    rulesAreInForce();
    streamsLackNothing();
    revokedKeysAreRefused();

    for (Server server : servers) {
      JsonArray members = Clusters.awaitMembers(server, BusCutHttpTest::haveSilentOne);
      assertThat(members).hasSize(2);
      assertThat(Clusters.health(server).getString("status")).isEqualTo("UP");
      assertThat(Clusters.health(server).getJsonArray("degraded").getString(0))
          .contains("is not heard on the event bus");
      assertThat(Clusters.meter(server, "tocsin_cluster_doorbells_received_total")).isZero();
      assertThat(Clusters.meter(server, "tocsin_cluster_doorbells_sent_total")).isPositive();
    }

    cables.forEach(Cable::mend);
    for (Server server : servers) {
      Clusters.awaitMembers(server, members -> !haveSilentOne(members));
    }
  }

  private static boolean haveSilentOne(JsonArray members) {
    return members.stream().anyMatch(member -> !((JsonObject) member).getBoolean("heard"));
  }

  /** Of what was acknowledged by one, the other knows with its next event, and by nothing else. */
  private void rulesAreInForce() throws Exception {
    for (int i = 0; i < 10; i++) {
      ApiClient author = clients.get(i % 2);
      ApiClient sender = clients.get(1 - i % 2);
      assertThat(sender.events(Clusters.created("account", "before" + i)).accepted().getFirst())
          .satisfies(event -> assertThat(event.notifications()).isEmpty());
      String rule = author.ruleThatAlwaysFires("born" + i, "configuration.account.created");
      assertThat(
              sender
                  .events(Clusters.created("account", "after" + i))
                  .accepted()
                  .getFirst()
                  .notifications())
          .extracting(Fired::code)
          .containsExactly("born" + i);
      author.delete("/notifications/configurations/" + rule).ok();
    }
  }

  private void streamsLackNothing() throws Exception {
    Clusters.assertStreamed(postgres, ACME, servers.getFirst(), servers.getLast());
  }

  private void revokedKeysAreRefused() throws Exception {
    String user = clients.getFirst().create("/serviceusers", new JsonObject().put("name", "ci"));
    JsonObject key =
        clients.getFirst().post("/serviceusers/" + user + "/accesskeys", new JsonObject()).ok();
    String accessKey = key.getString("accessKey");
    try (ApiClient ci =
        Clusters.client(
            servers.getLast(),
            new Account(ACME.organization(), accessKey, key.getString("secret")))) {
      assertThat(ci.token().status()).isEqualTo(200);
      clients.getFirst().delete("/serviceusers/" + user + "/accesskeys/" + accessKey).ok();
      Answer again = ci.token();
      while (again.status() == 200) {
        again = ci.token();
      }
      assertThat(again.body().getString("code")).isEqualTo("invalid_credentials");
    }
  }
}
