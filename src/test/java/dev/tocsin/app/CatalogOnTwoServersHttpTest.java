package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two servers share a database and nothing else. An event type that one of them acknowledged must
 * not be refused by the other, which nobody told of it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class CatalogOnTwoServersHttpTest {
  private static final Account ACME =
      new Account(new UUID(0, 1).toString(), "acme-key", "s:e:cret");
  private static final int ROUNDS = 20;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final List<Server> servers = new ArrayList<>();
  private ApiClient one;
  private ApiClient two;

  @BeforeAll
  void start(@TempDir Path home) throws IOException {
    WholeServers.declare(
        home,
        ACME,
        """
        entities:
          - { name: Visit, family: crm, dateFields: [at] }
        """);
    one = server(home);
    two = server(home);
  }

  private ApiClient server(Path home) throws IOException {
    Server server =
        WholeServers.start(
            postgres,
            home,
            Map.of("TOCSIN_POSTGRES_POOL_SIZE", "4", "TOCSIN_CATALOG_LEARN_EVERY", "PT0.01S"));
    servers.add(server);
    return WholeServers.client(server, ACME);
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
    servers.forEach(Server::close);
  }

  @Test
  void what_one_acknowledged_the_other_accepts_at_once() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      ApiClient author = i % 2 == 0 ? one : two;
      ApiClient other = i % 2 == 0 ? two : one;
      JsonObject entity = new JsonObject().put("family", "crm");
      author.put("/catalog/entities/Lead" + i, entity).ok();
      String name = "crm.lead" + i + ".created";
      assertThat(other.events(event(name, new JsonObject().put("id", "l"))).rejected()).isEmpty();
      other.ruleThatAlwaysFires("rule" + i, name);
      assertThat(
              author
                  .events(event(name, new JsonObject().put("id", "m")))
                  .accepted()
                  .getFirst()
                  .notifications())
          .hasSize(1);
    }
  }

  @Test
  void of_an_entity_that_was_deleted_and_declared_again_no_former_state_is_known()
      throws Exception {
    JsonObject deal = new JsonObject().put("amount", 1);
    JsonObject declared = new JsonObject().put("family", "crm");
    one.put("/catalog/entities/Deal", declared).ok();
    for (String id : List.of("d1", "d2", "d3")) {
      two.put("/entities/Deal/" + id, deal).ok();
    }
    one.call("DELETE", "/catalog/entities/Deal", null).ok();
    two.put("/catalog/entities/Deal", declared).ok();

    assertThat(one.put("/entities/Deal/d1", deal).ok().getString("eventName"))
        .isEqualTo("crm.deal.created");
    assertThat(two.call("DELETE", "/entities/Deal/d2", null).status()).isEqualTo(404);
    assertThat(before(event("crm.deal.updated", deal.copy().put("id", "d3")))).isNull();
    // From here on it has states of its own.
    assertThat(before(event("crm.deal.updated", new JsonObject().put("id", "d1"))))
        .isEqualTo(new JsonObject().put("id", "d1").put("amount", 1));
    two.put("/catalog/entities/Deal", declared.put("version", 1)).ok();
    assertThat(one.put("/entities/Deal/d3", deal).ok().getBoolean("changed")).isFalse();
  }

  /** The state before an event that one server is posted, as the other shows it. */
  private @Nullable JsonObject before(JsonObject event) throws Exception {
    String id = one.events(event).accepted().getFirst().id();
    return two.get("/events/" + id)
        .ok()
        .getJsonObject("m3terEvent")
        .getJsonObject("eventData")
        .getJsonObject("oldDto");
  }

  @Test
  void a_scheduled_event_is_known_to_both_and_changes_nothing_of_its_entity() throws Exception {
    JsonObject bill = new JsonObject().put("id", "b1").put("currency", "EUR");
    one.create(
        "/scheduledevents/configurations",
        new JsonObject()
            .put("name", "scheduled.bill.near")
            .put("entity", "Bill")
            .put("field", "endDate")
            .put("offset", -5));
    one.events(event("billing.bill.created", bill));
    two.ruleThatAlwaysFires("near", "scheduled.bill.near");

    assertThat(
            two.events(event("scheduled.bill.near", new JsonObject().put("id", "b1")))
                .accepted()
                .getFirst()
                .notifications())
        .hasSize(1);
    assertThat(before(event("billing.bill.updated", bill.copy().put("currency", "USD"))))
        .isEqualTo(bill);
  }

  @Test
  void what_events_have_is_listed_by_both_and_known_to_rules() throws Exception {
    JsonObject visit =
        new JsonObject()
            .put("id", "v1")
            .put("at", "2026-11-23")
            .put("rating", new JsonObject().put("stars", 5));
    one.events(event("crm.visit.created", visit));

    JsonObject fields = new JsonObject();
    while (!fields.containsKey("new.rating.stars")) {
      fields =
          two.get("/events/fields?eventName=crm.visit.updated")
              .ok()
              .getJsonObject("events")
              .getJsonObject("crm.visit.updated");
    }
    assertThat(fields.getString("old.rating.stars")).isEqualTo("int");
    assertThat(fields.getString("new.at")).isEqualTo("string");
    JsonObject saved =
        two.post(
                "/notifications/configurations",
                new JsonObject()
                    .put("name", "n")
                    .put("code", "n")
                    .put("description", "d")
                    .put("eventName", "crm.visit.updated")
                    .put("calculation", "new.rating.starz > 4"))
            .ok();
    assertThat(saved.getJsonArray("warnings", new JsonArray()).encode()).contains("stars");
    JsonObject first =
        two.get("/catalog/fields?entity=Visit").ok().getJsonArray("data").getJsonObject(0);
    assertThat(first.getString("firstSeen")).isNotNull().isEqualTo(first.getString("lastSeen"));
  }

  private static JsonObject event(String name, JsonObject state) {
    return new JsonObject().put("eventName", name).put("new", state);
  }
}
