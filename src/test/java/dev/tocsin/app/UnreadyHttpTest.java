package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A server that stops says so before it does. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class UnreadyHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @Test
  void a_stopping_server_serves_while_it_says_that_it_is_not_ready(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    Server server =
        WholeServers.start(
            postgres,
            home,
            Map.of("TOCSIN_SHUTDOWN_UNREADY_FOR", "PT5S", "TOCSIN_SHUTDOWN_WITHIN", "PT30S"));
    try (ApiClient client = WholeServers.client(server, ACME)) {
      assertThat(Clusters.health(server).getString("status")).isEqualTo("UP");
      CompletableFuture<Void> stop = CompletableFuture.runAsync(server::close);
      JsonObject health = Clusters.health(server);
      while (health.getString("status").equals("UP")) {
        health = Clusters.health(server);
      }
      JsonObject event =
          new JsonObject()
              .put("eventName", "configuration.account.created")
              .put("new", new JsonObject().put("id", "a1"));

      assertThat(health.getJsonArray("missing")).isEqualTo(new JsonArray().add("the server stops"));
      assertThat(client.events(event).accepted()).hasSize(1);
      stop.join();
    } finally {
      server.close();
    }
  }
}
