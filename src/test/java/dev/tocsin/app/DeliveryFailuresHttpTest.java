package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.Receiver;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.Receiver.Reply;
import dev.tocsin.process.Receiver.Request;
import dev.tocsin.store.PostgresFixture;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose deliveries fail, and what its customer hears of that. */
class DeliveryFailuresHttpTest {
  private static final Account ACME = new Account(new UUID(0, 1).toString(), "acme-key", "secret");
  private static final String EVENT = "configuration.account.created";
  private static final String SECRET = "the webhook's secret";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Inbox inbox = new Inbox();
  private @Nullable Server server;
  private @Nullable Receiver receiver;
  private @Nullable ApiClient api;

  @BeforeEach
  void start(@TempDir Path home) throws Exception {
    WholeServers.declare(home, ACME, "");
    server =
        WholeServers.start(
            postgres,
            home,
            Map.of(
                "TOCSIN_DELIVERY_ALLOWED_NETWORKS", "127.0.0.0/8",
                "TOCSIN_DELIVERY_RETRY_DELAYS", "PT0.05S",
                "TOCSIN_DELIVERY_SWEEP_EVERY", "PT0.05S"));
    receiver = Receiver.start(SECRET, inbox);
    api = WholeServers.client(server, ACME);
  }

  @AfterEach
  void close() {
    api().close();
    receiver().close();
    Objects.requireNonNull(server).close();
  }

  /**
   * The receiver refuses at /refuses, and takes at /takes. A rule on the failures is sent to both:
   * its own failing deliveries must not set it off again.
   */
  @Test
  void failures_are_events_that_rules_hear_of_and_that_never_set_themselves_off() throws Exception {
    receiver().answer(request -> Reply.of(request.path().equals("/takes") ? 204 : 401));
    String refuses = webhook("refuses");
    String takes = webhook("takes");
    api().link(api().ruleThatAlwaysFires("accounts", EVENT), refuses);
    for (String outcome : List.of("authentication", "perform")) {
      String rule = api().ruleThatAlwaysFires(outcome, "integration." + outcome + ".error");
      api().link(rule, refuses);
      api().link(rule, takes);
    }
    post("a1");
    List<JsonObject> first = List.of(taken(), taken());
    // By the time the second account's failures are told, the first one's would have been heard of.
    post("a2");
    List<JsonObject> second = List.of(taken(), taken());

    for (List<JsonObject> heard : List.of(first, second)) {
      assertThat(heard)
          .extracting(event -> event.getString("eventName"))
          .containsExactlyInAnyOrder(
              "integration.authentication.error", "integration.perform.error");
    }
    JsonObject told = told(first, "integration.authentication.error");
    assertThat(told.getString("message")).contains("it answered 401", "API key and secret");
    String run = told.getString("integrationRunId");
    assertThat(api().get("/integrationruns/" + run).ok().getString("status"))
        .isEqualTo("AUTH_FAILED");
    assertThat(api().get("/integrationruns/" + run).ok().getJsonArray("attempts")).hasSize(2);
    assertThat(told(first, "integration.perform.error").getString("integrationRunId"))
        .isEqualTo(run);
    assertThat(api().list("/events?eventType=IntegrationEvent")).hasSize(4);
    assertThat(api().list("/integrationruns?status=AUTH_FAILED&webhookId=" + refuses))
        .as("deliveries of accounts and of failures fail alike")
        .hasSizeGreaterThan(2);
  }

  /** As one that was told by a server which died before it had noted that. */
  @Test
  void a_failure_that_is_told_again_is_the_same_event() throws Exception {
    receiver().answer(request -> Reply.of(request.path().equals("/takes") ? 204 : 422));
    api().link(api().ruleThatAlwaysFires("accounts", EVENT), webhook("refuses"));
    api()
        .link(
            api().ruleThatAlwaysFires("validation", "integration.validation.error"),
            webhook("takes"));
    post("a1");
    assertThat(taken().getString("eventName")).isEqualTo("integration.validation.error");

    postgres.execute("update integration_failure set tell_at = clock_timestamp()");
    // What waits longest is told first: by the time this one is told, the other is again.
    post("a2");
    assertThat(taken().getString("accountId")).isEqualTo("a2");

    assertThat(api().list("/events?eventName=integration.validation.error")).hasSize(2);
  }

  @Test
  void a_receiver_that_is_gone_has_its_link_disabled_and_what_fires_meanwhile_is_replayed_later()
      throws Exception {
    receiver().answer(request -> Reply.of(request.path().equals("/takes") ? 204 : 410));
    String link = api().link(api().ruleThatAlwaysFires("accounts", EVENT), webhook("gone"));
    api()
        .link(
            api().ruleThatAlwaysFires("disabled", "integration.disabled.error"), webhook("takes"));
    post("a1");

    JsonObject told = told(List.of(taken()), "integration.disabled.error");

    assertThat(told.getString("integrationConfigId")).isEqualTo(link);
    assertThat(told.getString("message")).contains("answered 410", "enable");
    JsonObject disabled = api().get("/integrationconfigs/" + link).ok();
    assertThat(disabled.getBoolean("enabled")).isFalse();
    assertThat(disabled.getString("status")).isEqualTo("DISABLED");
    post("a2");
    List<JsonObject> runs =
        api().list("/integrationruns?webhookId=" + told.getString("destinationId"));
    assertThat(runs).as("what fires meanwhile is noted down").hasSize(2);
    JsonObject unsent = runs.getFirst();
    assertThat(unsent.getString("status")).isEqualTo("DISABLED");
    assertThat(unsent.getString("error")).isEqualTo("the integration is disabled");
    assertThat(unsent.getInteger("attemptCount")).as("and not sent").isZero();
    assertThat(unsent.getString("dtCompleted")).isNotNull();
    String replayPath = "/integrationruns/" + unsent.getString("id") + "/replay";
    assertThat(api().post(replayPath, new JsonObject()).status()).isEqualTo(400);
    receiver().answer(204);
    api().post("/integrationconfigs/" + link + "/enable", new JsonObject()).ok();
    JsonObject replay =
        api()
            .post(
                "/integrationruns/" + told.getString("integrationRunId") + "/replay",
                new JsonObject())
            .ok();
    assertThat(replay.getString("parentIntegrationRunId"))
        .isEqualTo(told.getString("integrationRunId"));
    Request again = next("/gone");
    assertThat(again.isGenuine()).isTrue();
    assertThat(again.webhookId()).isEqualTo(told.getString("notificationEventId"));
    api().post(replayPath, new JsonObject()).ok();
    assertThat(next("/gone").webhookId()).isEqualTo(unsent.getString("notificationEventId"));
    assertThat(api().list("/events?eventName=integration.disabled.error")).hasSize(1);
  }

  @Test
  void an_event_whose_account_a_link_has_to_know_and_does_not_is_not_sent() throws Exception {
    receiver().answer(204);
    String link = api().link(api().ruleThatAlwaysFires("accounts", EVENT), webhook("strict"));
    api()
        .link(
            api().ruleThatAlwaysFires("unmapped", "integration.missingaccountmapping.error"),
            webhook("takes"));
    JsonObject configuration = api().get("/integrationconfigs/" + link).ok();
    JsonObject mappings =
        new JsonObject()
            .put("accountMappingRequired", true)
            .put("accountMappings", new JsonObject().put("known", "K-1"));
    JsonObject changed =
        api()
            .put("/integrationconfigs/" + link, configuration.copy().put("configData", mappings))
            .ok();
    post("unknown");

    JsonObject told = told(List.of(taken()), "integration.missingaccountmapping.error");

    assertThat(told.getString("message")).contains("account unknown", "accountMappings");
    String run = told.getString("integrationRunId");
    assertThat(api().get("/integrationruns/" + run).ok().getString("status")).isEqualTo("ERROR");
    post("known");
    assertThat(next("/strict").body()).contains("known").doesNotContain("unknown");
    mappings.getJsonObject("accountMappings").put("unknown", "U-1");
    api().put("/integrationconfigs/" + link, changed.put("configData", mappings)).ok();
    api().post("/integrationruns/" + run + "/replay", new JsonObject()).ok();
    assertThat(next("/strict").body()).contains("unknown");
  }

  private String webhook(String code) throws Exception {
    return api().webhook(code, receiver().url("/" + code), "key", SECRET);
  }

  private void post(String account) throws Exception {
    api()
        .events(
            new JsonObject()
                .put("eventName", EVENT)
                .put("new", new JsonObject().put("id", account)));
  }

  /** The event that the next request at /takes is about. */
  private JsonObject taken() throws InterruptedException {
    return new JsonObject(next("/takes").body()).getJsonObject("data").getJsonObject("event");
  }

  private Request next(String path) throws InterruptedException {
    Request request;
    do {
      request = inbox.next(PATIENCE).orElseThrow();
    } while (!request.path().equals(path));
    return request;
  }

  private static JsonObject told(List<JsonObject> events, String name) {
    return events.stream()
        .filter(event -> event.getString("eventName").equals(name))
        .map(event ->
            event.getJsonObject("m3terEvent").getJsonObject("eventData").getJsonObject("newDto"))
        .findFirst()
        .orElseThrow();
  }

  private ApiClient api() {
    return Objects.requireNonNull(api);
  }

  private Receiver receiver() {
    return Objects.requireNonNull(receiver);
  }
}
