package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What rules did on one server, asked of another. */
class RuleStatusHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "secret");
  private static final String EVENT = "configuration.commitment.updated";

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  /** A server that stops in order writes down what its rules did since it last wrote. */
  @Test
  void what_a_rule_did_on_a_server_is_told_by_another(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    try (Server other = start(home);
        ApiClient second = WholeServers.client(other, ACME)) {
      String rule = second.rule("rate", EVENT, "new.spent / new.amount > 0.9");
      String event = "";
      try (Server one = start(home);
          ApiClient first = WholeServers.client(one, ACME)) {
        for (int amount : new int[] {100, 10, 0}) {
          event = post(first, amount);
        }
      }

      JsonObject status = second.get("/notifications/configurations/" + rule + "/status").ok();

      assertThat(status.getLong("evaluated")).isEqualTo(3);
      assertThat(status.getLong("fired")).isEqualTo(1);
      assertThat(status.getLong("errors")).isEqualTo(1);
      assertThat(status.getJsonObject("lastError").getString("eventId")).isEqualTo(event);
      JsonObject again =
          second
              .post(
                  "/notifications/evaluate",
                  new JsonObject()
                      .put("calculation", "new.spent / new.amount > 0.9")
                      .put("eventId", event))
              .ok();
      assertThat(status.getJsonObject("lastError").getString("message"))
          .isEqualTo(again.getString("errorMessage"))
          .contains("line 1, column", "new.amount is 0");
      assertThat(status.getJsonArray("days").getJsonObject(0).getLong("fired")).isEqualTo(1);
      second.delete("/notifications/configurations/" + rule).ok();
      assertThat(second.get("/notifications/configurations/" + rule + "/status").status())
          .isEqualTo(404);
    }
  }

  private static String post(ApiClient api, int amount) throws Exception {
    JsonObject commitment =
        new JsonObject().put("id", "c" + amount).put("spent", 20).put("amount", amount);
    return api.events(new JsonObject().put("eventName", EVENT).put("new", commitment))
        .accepted()
        .getFirst()
        .id();
  }

  private static Server start(Path home) throws Exception {
    return WholeServers.start(postgres, home, Map.of("TOCSIN_EVALUATE_COUNTS_EVERY", "PT1M"));
  }
}
