package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.cluster.ClusterKeys;
import dev.tocsin.example.TocsinBusClient;
import dev.tocsin.example.TocsinMember;
import dev.tocsin.process.FreePorts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program of somebody else's that joins the cluster as {@code docs/bus.md} says: with the file
 * that stands there, in which nothing but addresses is another.
 */
final class Application implements AutoCloseable {
  private static final Path PAGE = Path.of("docs/bus.md");

  final Vertx vertx;
  final TocsinBusClient client;

  private Application(Vertx vertx, String token) {
    this.vertx = vertx;
    this.client = new TocsinBusClient(vertx, () -> Future.succeededFuture(token));
  }

  /**
   * Joins.
   *
   * @param home where {@link Clusters#settings} put the keys of the servers
   * @param nodes what it answered
   */
  static Application join(Path home, List<Map<String, String>> nodes, String token)
      throws IOException {
    Path keys = ClusterKeys.make(home.resolve("keys"), "application");
    Path file = Files.writeString(home.resolve("hazelcast.yaml"), settings(nodes));
    return new Application(
        Deployments.await(TocsinMember.join(file, "127.0.0.1", 0, keys, "application")), token);
  }

  private static String settings(List<Map<String, String>> nodes) throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("```yaml\nhazelcast:") + "```yaml\n".length();
    String file = page.substring(begin, page.indexOf("```", begin));
    int port = FreePorts.one();
    for (Map.Entry<String, String> address :
        List.of(
            Map.entry("\"10.0.0.1:5701\"", quoted(nodes.getFirst().get("TOCSIN_CLUSTER_PORT"))),
            Map.entry("\"10.0.0.2:5701\"", quoted(nodes.getLast().get("TOCSIN_CLUSTER_PORT"))),
            Map.entry("\"10.0.0.9:5701\"", quoted(String.valueOf(port))),
            Map.entry("port: 5701", "port: " + port),
            Map.entry("10.0.0.9", "127.0.0.1"))) {
      assertThat(file).contains(address.getKey());
      file = file.replace(address.getKey(), address.getValue());
    }
    return file;
  }

  private static String quoted(@Nullable String port) {
    return "\"127.0.0.1:" + Objects.requireNonNull(port) + "\"";
  }

  /** Follows an address after an event; what it is shown is put into the answer. */
  BlockingQueue<JsonObject> follow(String address, String organization, String after) {
    BlockingQueue<JsonObject> shown = new LinkedBlockingQueue<>();
    client.subscribe(
        address,
        organization,
        after,
        event -> {
          shown.add(event);
          return Future.succeededFuture();
        });
    return shown;
  }

  static JsonObject next(BlockingQueue<JsonObject> shown) throws InterruptedException {
    return Objects.requireNonNull(shown.poll(40, TimeUnit.SECONDS), "no event came");
  }

  /** Sends an event until it is answered that it is stored; answers its id. */
  String store(JsonObject event) {
    while (true) {
      Future<JsonObject> answer =
          client.ingest(event.encode()).otherwise(failure -> new JsonObject().put("status", 503));
      JsonObject told = Deployments.await(answer);
      if (told.getInteger("status") != 503) {
        assertThat(told.getInteger("status")).as(told.encode()).isEqualTo(200);
        return told.getJsonObject("body").getJsonArray("accepted").getJsonObject(0).getString("id");
      }
    }
  }

  @Override
  public void close() {
    Deployments.await(vertx.close());
  }
}
