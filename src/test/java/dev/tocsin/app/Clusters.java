package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.ClusterKeys;
import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.FreePorts;
import dev.tocsin.store.PostgresFixture;
import dev.tocsin.stream.SseClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Whole servers that are nodes of one cluster, in the test's own process, with encryption. */
final class Clusters {
  private Clusters() {}

  /** Variables of so many nodes that know each other's addresses, each with a certificate. */
  static List<Map<String, String>> settings(Path home, int nodes) throws IOException {
    List<Integer> ports = FreePorts.some(nodes);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      names.add("node" + i);
    }
    Path keys = ClusterKeys.make(home.resolve("keys"), names.toArray(String[]::new));
    List<Map<String, String>> all = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      Map<String, String> own = new HashMap<>(ClusterKeys.settings(keys, names.get(i)));
      own.put("TOCSIN_CLUSTER_ENABLED", "true");
      own.put("TOCSIN_CLUSTER_PORT", String.valueOf(ports.get(i)));
      own.put("TOCSIN_CLUSTER_BUS_PORT", "0");
      own.put(
          "TOCSIN_CLUSTER_MEMBERS",
          String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList()));
      all.add(own);
    }
    return all;
  }

  static Server start(
      PostgresFixture postgres, Path home, Map<String, String> node, Map<String, String> more)
      throws IOException {
    Map<String, String> variables = new HashMap<>(node);
    variables.putAll(more);
    return WholeServers.start(postgres, home, variables);
  }

  static ApiClient client(Server server, Account account) {
    return WholeServers.client(server, account);
  }

  /** A stream of one server's shows what another one stores, in order and nothing else. */
  static void assertStreamed(
      PostgresFixture postgres, Account account, Server storing, Server streaming)
      throws IOException, InterruptedException {
    String path =
        "/organizations/"
            + account.organization()
            + "/events/stream?eventName=configuration.plan.created";
    try (ApiClient here = client(storing, account);
        ApiClient there = client(streaming, account)) {
      String token = there.token().ok().getString("access_token");
      try (SseClient stream =
          SseClient.open(postgres.vertx(), streaming.port(), path, token, Map.of())) {
        assertThat(stream.status()).isEqualTo(200);
        for (int i = 0; i < 5; i++) {
          String id = here.events(created("plan", "plan" + i)).accepted().getFirst().id();
          assertThat(stream.next().id()).isEqualTo(id);
        }
      }
    }
  }

  /** An event of an entity that is new. */
  static JsonObject created(String entity, String id) {
    return new JsonObject()
        .put("eventName", "configuration." + entity + ".created")
        .put("new", new JsonObject().put("id", id));
  }

  /** What a server says of its health. */
  static JsonObject health(Server server) throws IOException, InterruptedException {
    return new JsonObject(get(server, "/health/ready"));
  }

  /** Asks until the nodes that a server sees are as they should be. */
  static JsonArray awaitMembers(Server server, Predicate<JsonArray> wanted)
      throws IOException, InterruptedException {
    while (true) {
      JsonArray members = health(server).getJsonArray("members", new JsonArray());
      if (wanted.test(members)) {
        return members;
      }
    }
  }

  /** What a meter stands at. */
  static double meter(Server server, String name) throws IOException, InterruptedException {
    return get(server, "/metrics")
        .lines()
        .filter(line -> line.startsWith(name) && " {,}".indexOf(line.charAt(name.length())) >= 0)
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String get(Server server, String path) throws IOException, InterruptedException {
    URI uri = WholeServers.address(server).resolve(path);
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
