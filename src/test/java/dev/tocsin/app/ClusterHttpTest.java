package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.process.ApiClient.Fired;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * Two nodes whose looks come so seldom that what one learns of the other within this test's time it
 * has heard from it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 50, unit = TimeUnit.SECONDS)
class ClusterHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final Account BOLT = new Account(new UUID(0, 2).toString(), "bolt-key", "s");
  private static final Map<String, String> SELDOM =
      Map.of(
          "TOCSIN_POSTGRES_POOL_SIZE", "4",
          "TOCSIN_ACCESS_REMEMBERED", "PT5M",
          "TOCSIN_STREAM_POLL_EVERY", "PT1M");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final List<Path> homes = new ArrayList<>();
  private final List<Server> servers = new ArrayList<>();
  private final List<ApiClient> clients = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path home) throws Exception {
    for (Map<String, String> node : Clusters.settings(home, 2)) {
      Path files = home.resolve("files" + homes.size());
      WholeServers.declare(files, ACME, "");
      WholeServers.declare(files, BOLT, "");
      homes.add(files);
      Server server = Clusters.start(postgres, files, node, SELDOM);
      servers.add(server);
      clients.add(Clusters.client(server, ACME));
    }
    for (Server server : servers) {
      Clusters.awaitMembers(server, members -> members.size() == 2);
    }
  }

  @AfterAll
  void stop() {
    clients.forEach(ApiClient::close);
    servers.forEach(Server::close);
  }

  @Test
  void each_node_shows_both_with_the_same_ids() throws Exception {
    JsonArray one = Clusters.health(servers.getFirst()).getJsonArray("members");
    JsonArray other = Clusters.health(servers.getLast()).getJsonArray("members");

    assertThat(one).hasSize(2);
    assertThat(nodes(one)).containsExactlyElementsOf(nodes(other));
    assertThat(one)
        .allSatisfy(member -> {
          assertThat(((JsonObject) member).getString("address")).startsWith("127.0.0.1:");
          assertThat(((JsonObject) member).getInstant("since")).isNotNull();
          assertThat(((JsonObject) member).getBoolean("heard")).isTrue();
        });
    assertThat(Clusters.meter(servers.getFirst(), "tocsin_cluster_members")).isEqualTo(2);
    assertThat(Clusters.meter(servers.getFirst(), "tocsin_cluster_joined_total")).isEqualTo(1);
  }

  private static List<String> nodes(JsonArray members) {
    return members.stream().map(member -> ((JsonObject) member).getString("node")).toList();
  }

  @Test
  void a_stream_sees_at_once_what_another_node_stored() throws Exception {
    Clusters.assertStreamed(postgres, ACME, servers.getFirst(), servers.getLast());
  }

  @Test
  void a_key_that_the_files_of_one_node_take_away_is_refused_by_the_other() throws Exception {
    try (ApiClient there = Clusters.client(servers.getLast(), BOLT)) {
      assertThat(there.token().status()).isEqualTo(200);

      Path file = homes.getFirst().resolve("organizations/bolt-key.yaml");
      Files.writeString(file, Files.readString(file).replace("bolt-key", "another-key"));

      Answer again = there.token();
      while (again.status() == 200) {
        again = there.token();
      }
      assertThat(again.body().getString("code")).isEqualTo("invalid_credentials");
    }
  }

  @Test
  void a_key_revoked_on_one_node_is_refused_by_the_other_though_it_remembers_for_minutes()
      throws Exception {
    String user = clients.getFirst().create("/serviceusers", new JsonObject().put("name", "ci"));
    JsonObject key =
        clients.getFirst().post("/serviceusers/" + user + "/accesskeys", new JsonObject()).ok();
    try (ApiClient ci =
        Clusters.client(
            servers.getLast(),
            new Account(
                ACME.organization(), key.getString("accessKey"), key.getString("secret")))) {
      String token = ci.token().ok().getString("access_token");
      assertThat(code(token)).isEqualTo("not_permitted");
      clients
          .getFirst()
          .delete("/serviceusers/" + user + "/accesskeys/" + key.getString("accessKey"))
          .ok();

      String code = code(token);
      while ("not_permitted".equals(code)) {
        code = code(token);
      }
      assertThat(code).isEqualTo("revoked_token");
      Answer again = ci.token();
      while (again.status() == 200) {
        again = ci.token();
      }
      assertThat(again.body().getString("code")).isEqualTo("invalid_credentials");
    }
  }

  /** What the last server says to a call with a token. */
  private String code(String token) throws IOException, InterruptedException {
    URI uri =
        WholeServers.address(servers.getLast())
            .resolve("/organizations/" + ACME.organization() + "/events");
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("authorization", "Bearer " + token).build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      return new JsonObject(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .getString("code");
    }
  }

  @Test
  void a_rule_saved_on_one_node_fires_on_the_other_and_the_other_was_told() throws Exception {
    assertThat(clients.getLast().events(Clusters.created("account", "before")).accepted())
        .hasSize(1);
    String told = "tocsin_cluster_doorbells_received_total{doorbell=\"rules.changed\"";
    double before = Clusters.meter(servers.getLast(), told);
    clients.getFirst().ruleThatAlwaysFires("born", "configuration.account.created");

    assertThat(
            clients
                .getLast()
                .events(Clusters.created("account", "after"))
                .accepted()
                .getFirst()
                .notifications())
        .extracting(Fired::code)
        .containsExactly("born");
    double heard = before;
    while (heard == before) {
      heard = Clusters.meter(servers.getLast(), told);
    }
    assertThat(heard).isGreaterThan(before);
  }
}
