package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Answer;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** One of two servers is told to erase an organization. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ErasureOnTwoServersHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");
  private static final Account BOLT = new Account(new UUID(0, 2).toString(), "bolt-key", "s");

  private static final String ERASED_FILE =
      "1 organization declared by files after being erased: the log says which";

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @Test
  void it_is_gone_on_both_and_comes_back_on_none(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    WholeServers.declare(home, BOLT, "");
    try (Server one = start(home);
        Server two = start(home);
        ApiClient acmeThere = WholeServers.client(two, ACME);
        ApiClient boltThere = WholeServers.client(two, BOLT)) {
      try (ApiClient acme = WholeServers.client(one, ACME)) {
        acme.ruleThatAlwaysFires("born", "configuration.account.created");
        acme.events(created("a-1"));
        acmeThere.events(created("a-2"));
        boltThere.events(created("a-1"));

        assertThat(acme.delete("?name=acme").status()).isEqualTo(400);
        Answer erasing = acme.delete("?name=acme-key");
        assertThat(erasing.status()).isEqualTo(202);

        assertThat(isShutOut(() -> acme.get("/events"))).isTrue();
        assertThat(isShutOut(() -> acme.post("/events", created("a-3")))).isTrue();
      }
      // The other server hears of it when what it remembers of rights is too old.
      while (!isShutOut(() -> acmeThere.get("/events"))) {
        Thread.onSpinWait();
      }
      assertThat(isShutOut(() -> acmeThere.post("/events", created("a-4")))).isTrue();
      assertThat(boltThere.events(created("a-2")).accepted()).hasSize(1);
      awaitErased();
      for (Server server : List.of(one, two)) {
        while (!ready(server).contains(ERASED_FILE)) {
          Thread.onSpinWait();
        }
      }
      assertThat(boltThere.list("/events")).hasSize(2);
    }
    try (Server again = start(home);
        ApiClient bolt = WholeServers.client(again, BOLT)) {
      assertThat(bolt.list("/events")).hasSize(2);
      assertThat(ready(again)).contains("\"status\":\"UP\"").contains(ERASED_FILE);
      assertThat(again.greeting()).contains("bolt-key").doesNotContain("acme-key");
      assertThat(postgres.value("select count(*) from organization")).isEqualTo("1");
    }
  }

  private static Server start(Path home) throws Exception {
    return WholeServers.start(
        postgres,
        home,
        Map.of(
            "TOCSIN_POSTGRES_POOL_SIZE", "4",
            "TOCSIN_ACCESS_REMEMBERED", "PT0.1S",
            "TOCSIN_EVENTS_EXPIRE_BATCH", "2",
            "TOCSIN_EVENTS_EXPIRE_EVERY", "PT1S"));
  }

  private static JsonObject created(String id) {
    return new JsonObject()
        .put("eventName", "configuration.account.created")
        .put("new", new JsonObject().put("id", id));
  }

  /** The client asks for another token when one is refused, and then there is none. */
  private static boolean isShutOut(Callable<Answer> call) throws Exception {
    try {
      return call.call().status() == 403;
    } catch (IOException e) {
      return String.valueOf(e.getMessage()).contains("invalid_credentials");
    }
  }

  private static void awaitErased() {
    while (postgres.value("select count(dt_erased) from organization_erasure").equals("0")) {
      Thread.onSpinWait();
    }
    assertThat(
            postgres.value(
                "select count(*) from event where organization_id = '" + ACME.organization() + "'"))
        .isEqualTo("0");
  }

  private static String ready(Server server) throws Exception {
    URI ready = WholeServers.address(server).resolve("/health/ready");
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(ready).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
