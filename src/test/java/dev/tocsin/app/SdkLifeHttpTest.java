package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lives of resources as clients lead them that were made for m3ter, on a whole server. */
class SdkLifeHttpTest {
  private static final String RULES = "notifications/configurations";
  private static final String WEBHOOKS = "integrationdestinations/webhooks";
  private static final String LINKS = "integrationconfigs";
  private static final String SCHEDULED = "scheduledevents/configurations";
  private static final String POLICIES = "permissionpolicies";
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  /** Each test has its own: they share a database. */
  private final UUID organization = UUID.randomUUID();

  private Server server;
  private SdkClient client;

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    Account account = new Account(organization.toString(), "key-" + organization, "s");
    WholeServers.declare(home, account, "");
    server = WholeServers.start(postgres, home, Map.of());
    client = client(WholeServers.address(server));
  }

  private SdkClient client(URI address) {
    return new SdkClient(address, organization.toString(), "key-" + organization, "s");
  }

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  /** Once with the whole of what was read, once with the configuration alone. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void resources_are_made_changed_and_destroyed_without_a_difference_in_the_second_plan(
      boolean sendsAll) {
    for (int time = 0; time < 2; time++) {
      Declared rule = live(client, RULES, List.of(), sendsAll, SdkLifeHttpTest::rule);
      Declared webhook =
          live(client, WEBHOOKS, List.of("credentials"), sendsAll, SdkLifeHttpTest::webhook);
      Declared link =
          live(client, LINKS, List.of(), sendsAll, round -> link(round, rule.id(), webhook.id()));
      Declared scheduled = live(client, SCHEDULED, List.of(), sendsAll, SdkLifeHttpTest::scheduled);
      Declared policy = live(client, POLICIES, List.of(), sendsAll, SdkLifeHttpTest::policy);
      Declared user = live(client, "serviceusers", List.of(), sendsAll, SdkLifeHttpTest::user);

      for (Declared each : List.of(user, policy, scheduled, link, webhook, rule)) {
        each.destroy();
        assertThat(each.refresh()).isNull();
      }
    }
    assertThat(client.statuses()).containsOnly(200, 404);
  }

  @Test
  void a_life_behind_a_proxy_that_refuses_every_third_request_is_the_same_life() {
    try (FlakyFront front = new FlakyFront(postgres.vertx(), server.port());
        SdkClient behind = client(front.address())) {
      Declared rule = live(behind, RULES, List.of(), true, SdkLifeHttpTest::rule);
      Declared webhook =
          live(behind, WEBHOOKS, List.of("credentials"), true, SdkLifeHttpTest::webhook);
      webhook.destroy();
      rule.destroy();

      assertThat(webhook.refresh()).isNull();
      assertThat(rule.refresh()).isNull();
      assertThat(behind.statuses()).contains(429, 503);
      assertThat(behind.waits()).hasSizeGreaterThan(10).containsOnly(1_000L);
      assertThat(client.all(RULES, Map.of())).isEmpty();
    }
  }

  /** Made, read twice, changed and applied again: each time the next plan is empty. */
  private static Declared live(
      SdkClient client,
      String path,
      List<String> writeOnly,
      boolean sendsAll,
      Function<Integer, JsonObject> configuration) {
    Declared resource = new Declared(client, path, writeOnly, sendsAll);
    for (int round = 0; round < 3; round++) {
      JsonObject wanted = configuration.apply(round);
      assertThat(resource.plan(wanted)).as("%s, round %d", path, round).isNotEmpty();
      JsonObject made = resource.apply(wanted);

      assertThat(made.getLong("version")).isEqualTo(round + 1);
      assertThat(resource.plan(wanted)).as("the second plan of %s", path).isEmpty();
      assertThat(resource.refresh()).as("what was answered is what is read").isEqualTo(read(made));
    }
    return resource;
  }

  /** What only the author of a change is told. */
  private static JsonObject read(JsonObject made) {
    JsonObject read = made.copy();
    read.remove("warnings");
    return read;
  }

  @Test
  void lists_are_whole_page_by_page_and_by_ids_joined_with_commas() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.addFirst(client.post(RULES, rule(i).put("code", "rule_" + i)).ok().getString("id"));
    }

    assertThat(client.all(RULES, Map.of("pageSize", 2)))
        .extracting(rule -> rule.getString("id"))
        .isEqualTo(ids);
    assertThat(client.all(RULES, Map.of("ids", List.of(ids.get(3), ids.get(1)))))
        .extracting(rule -> rule.getString("id"))
        .containsExactly(ids.get(1), ids.get(3));
    assertThat(client.all(RULES, Map.of("active", true, "pageSize", 1))).hasSize(4);
  }

  @Test
  void versions_are_checked_with_400_which_no_sdk_sends_again() {
    JsonObject made = client.post(RULES, rule(0).put("version", 0)).ok();
    String path = RULES + "/" + made.getString("id");

    assertThat(made.getLong("version")).isEqualTo(1);
    assertThat(client.put(path, Map.of(), rule(1)).status()).as("without a version").isEqualTo(400);
    assertThat(client.put(path, Map.of(), rule(1).put("version", 1)).ok().getLong("version"))
        .isEqualTo(2);
    SdkClient.Answer stale = client.put(path, Map.of(), rule(2).put("version", 1));
    assertThat(stale.status()).isEqualTo(400);
    assertThat(stale.body().getString("message")).contains("2");
    assertThat(client.waits()).as("sent again").isEmpty();
  }

  @Test
  void what_somebody_changed_elsewhere_is_found_and_mended() {
    Declared webhook = new Declared(client, WEBHOOKS, List.of("credentials"), true);
    webhook.apply(webhook(0));
    JsonObject off =
        client.put(WEBHOOKS + "/" + webhook.id() + "/active", Map.of("active", false), null).ok();

    assertThat(off.getBoolean("active")).isFalse();
    assertThat(webhook.plan(webhook(0))).containsExactly(Map.entry("active", "false -> true"));
    webhook.apply(webhook(0));
    assertThat(webhook.plan(webhook(0))).isEmpty();
  }

  @Test
  void an_integration_configuration_is_read_as_itself_and_as_a_run() {
    String rule = client.post(RULES, rule(0)).ok().getString("id");
    String webhook = client.post(WEBHOOKS, webhook(0)).ok().getString("id");
    String link = client.post(LINKS, link(0, rule, webhook)).ok().getString("id");
    JsonObject read = client.get(LINKS + "/" + link, Map.of()).ok();
    JsonObject byEntity =
        client
            .get(LINKS + "/entity/Notification", Map.of("entityId", rule, "destination", "Webhook"))
            .ok();

    assertThat(read)
        .contains(
            Map.entry("entityType", "Notification"),
            Map.entry("entityId", rule),
            Map.entry("destination", "Webhook"),
            Map.entry("destinationId", webhook),
            Map.entry("status", "WAITING"));
    assertThat(byEntity.getString("id")).isEqualTo(link);
    assertThat(client.post(LINKS + "/" + link + "/enable", null).ok().getBoolean("enabled"))
        .isTrue();
  }

  private static JsonObject rule(int round) {
    return new JsonObject()
        .put("name", "Nearly spent " + round)
        .put("description", "Nine tenths are spent.")
        .put("code", "nearly_spent")
        .put("eventName", "configuration.commitment.updated")
        .put(
            "calculation",
            "(new.amountSpent >= ((new.amount*90)/100)) \nAND ((old.amountSpent <="
                + " ((old.amount*90)/100)) OR (old.amountSpent == null))")
        .put("active", round != 1)
        .put("alwaysFireEvent", round == 2);
  }

  private static JsonObject webhook(int round) {
    return new JsonObject()
        .put("name", "Inbox " + round)
        .put("description", "Receives.")
        .put("code", "inbox")
        .put("url", "https://hooks.example.com/" + round)
        .put("active", round != 1)
        .put(
            "credentials",
            new JsonObject()
                .put("type", "M3TER_SIGNED_REQUEST")
                .put("apiKey", "key " + round)
                .put("secret", "secret " + round));
  }

  private static JsonObject link(int round, String rule, String webhook) {
    return new JsonObject()
        .put("name", "link " + round)
        .put("entityType", "Notification")
        .put("entityId", rule)
        .put("destination", "Webhook")
        .put("destinationId", webhook)
        .put("configData", new JsonObject().put("round", round));
  }

  private static JsonObject scheduled(int round) {
    return new JsonObject()
        .put("name", "scheduled.bill.dueSoon")
        .put("entity", "Bill")
        .put("field", round == 1 ? "dueDate" : "endDate")
        .put("offset", round - 1);
  }

  private static JsonObject policy(int round) {
    return new JsonObject()
        .put("name", "Readers " + round)
        .put(
            "permissionPolicy",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("effect", round == 1 ? "allow" : "ALLOW")
                        .put(
                            "action",
                            new JsonArray().add(round == 1 ? "config:retrieve" : "CONFIG_RETRIEVE"))
                        .put("resource", new JsonArray().add("config:event/*"))));
  }

  private static JsonObject user(int round) {
    return new JsonObject().put("name", "user " + round);
  }
}
