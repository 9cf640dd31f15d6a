package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole server is started again with its clock a month ahead. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RetentionOnRealPartsHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "s");

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @Test
  void after_a_month_an_event_is_hidden_and_dropped_and_its_key_is_known(@TempDir Path home)
      throws Exception {
    WholeServers.declare(home, ACME, "");
    Accepted first;
    String day;
    try (Server server = start(home, "PT0S");
        ApiClient acme = WholeServers.client(server, ACME)) {
      acme.ruleThatAlwaysFires("born", "configuration.account.created");
      first = acme.events(created()).accepted().getFirst();
      assertThat(first.notifications()).hasSize(1);
      day = postgres.value("select max(tableoid::regclass::text) from event");
    }
    try (Server server = start(home, "P27D");
        ApiClient acme = WholeServers.client(server, ACME)) {
      assertThat(acme.list("/events")).hasSize(2);
    }
    try (Server server = start(home, "P30D");
        ApiClient acme = WholeServers.client(server, ACME)) {
      assertThat(acme.list("/events")).isEmpty();
      assertThat(acme.get("/events/" + first.id()).status()).isEqualTo(404);
      Accepted again = acme.events(created()).accepted().getFirst();
      assertThat(again.isDuplicate()).isTrue();
      assertThat(again.id()).isEqualTo(first.id());
      assertThat(again.notifications()).as("what it set off is gone").isEmpty();
      String partitions =
          "select count(*) from pg_class where relnamespace = current_schema()::regnamespace and"
              + " relkind = 'r' and relname like '%\\_"
              + day.substring("event_".length())
              + "'";
      while (!postgres.value(partitions).equals("0")) {
        Thread.onSpinWait();
      }
      assertThat(acme.list("/events")).isEmpty();
    }
  }

  private static Server start(Path home, String offset) throws Exception {
    Map<String, String> settings =
        new HashMap<>(
            Map.of(
                "TOCSIN_POSTGRES_POOL_SIZE", "4",
                "TOCSIN_IDEMPOTENCY_WINDOW", "P60D",
                "TOCSIN_EVENTS_EXPIRE_EVERY", "PT1S"));
    settings.put("TOCSIN_CLOCK_OFFSET", offset);
    return WholeServers.start(postgres, home, settings);
  }

  private static JsonObject created() {
    return new JsonObject()
        .put("id", "the-key")
        .put("eventName", "configuration.account.created")
        .put("new", new JsonObject().put("id", "a-1"));
  }
}
