package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.api.IntegrationRun.Attempt;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers read of integration runs, over HTTP. */
class IntegrationRunsHttpTest {
  private static final String RUNS = "integrationruns";
  private static final Instant START = Instant.parse("2026-11-23T08:00:00Z");
  private static final RuleId RULE = new RuleId(new UUID(1, 1));
  private static final WebhookId HOOK = new WebhookId(new UUID(3, 1));

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void a_run_is_shown_in_m3ters_form_with_its_attempts_and_its_log() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "the receiver answered 500");
    api.runs.put(
        ACME.organization(),
        run,
        new Attempt(1, START, Duration.ofMillis(12), null, "the connection was refused", null),
        new Attempt(
            2, START.plusSeconds(5), Duration.ofMillis(7), 500, "the receiver answered 500", "no"));

    JsonObject shown = parsed(acme.get(RUNS + "/" + run.id()));

    assertThat(shown.getString("id")).isEqualTo(run.id().toString());
    assertThat(shown.getString("entityType")).isEqualTo("Notification");
    assertThat(shown.getString("entityId")).isEqualTo(RULE.toString());
    assertThat(shown.getString("status")).isEqualTo("ERROR");
    assertThat(shown.getString("destination")).isEqualTo("Webhook");
    assertThat(shown.getString("destinationId")).isEqualTo(HOOK.toString());
    assertThat(shown.getString("url")).isEqualTo("https://example.com/hook");
    assertThat(shown.getString("error")).isEqualTo("the receiver answered 500");
    assertThat(shown.getString("dtStarted")).isEqualTo("2026-11-23T08:00:00Z");
    assertThat(shown.getString("dtCompleted")).isEqualTo("2026-11-23T09:00:00Z");
    assertThat(shown.getString("dtLastModified")).isEqualTo("2026-11-23T08:30:00Z");
    assertThat(shown.getString("dtCreated")).isEqualTo("2026-11-23T08:00:01Z");
    assertThat(shown.getLong("version")).isEqualTo(2);
    assertThat(shown.getString("eventId")).isEqualTo(run.what().cause().toString());
    assertThat(shown.getLong("attemptCount")).isEqualTo(2);
    assertThat(shown.getJsonArray("attempts").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("attempt", 1)
                .put("dtStarted", "2026-11-23T08:00:00Z")
                .put("durationMillis", 12)
                .put("error", "the connection was refused"));
    assertThat(shown.getJsonArray("attempts").getJsonObject(1))
        .isEqualTo(
            new JsonObject()
                .put("attempt", 2)
                .put("dtStarted", "2026-11-23T08:00:05Z")
                .put("durationMillis", 7)
                .put("responseStatus", 500)
                .put("error", "the receiver answered 500")
                .put("response", "no"));
    assertThat(shown.getJsonArray("log").stream().map(line -> message(line)).toList())
        .containsExactly(
            "made by notification configuration "
                + RULE
                + ", which fired on event "
                + run.what().cause(),
            "attempt 1 took 12 ms: the connection was refused",
            "attempt 2 took 7 ms: the receiver answered 500",
            "ended as ERROR: the receiver answered 500");
    String log = parsed(acme.get(RUNS + "/logs/" + run.id())).getString("Payload");
    assertThat(new String(Base64.getDecoder().decode(log), StandardCharsets.UTF_8).lines())
        .hasSize(4)
        .element(1)
        .isEqualTo("2026-11-23T08:00:00.012Z attempt 1 took 12 ms: the connection was refused");
  }

  private static String message(Object line) {
    return ((JsonObject) line).getString("message");
  }

  @Test
  void runs_are_listed_by_each_filter_and_all_together() {
    IntegrationRun failed = put(1, IntegrationRunStatus.ERROR, "no");
    IntegrationRun done = put(2, IntegrationRunStatus.COMPLETE, null);
    EventId event = done.what().cause();

    assertThat(ids(RUNS)).containsExactly(done.id(), failed.id());
    assertThat(ids(RUNS + "?status=ERROR")).containsExactly(failed.id());
    assertThat(ids(RUNS + "?status=COMPLETE")).containsExactly(done.id());
    assertThat(ids(RUNS + "?eventId=" + event)).containsExactly(done.id());
    assertThat(ids(RUNS + "?eventId=" + done.what().notification())).containsExactly(done.id());
    assertThat(ids(RUNS + "?webhookId=" + HOOK + "&notificationId=" + RULE + "&status=ERROR"))
        .containsExactly(failed.id());
    assertThat(ids(RUNS + "?webhookId=" + new UUID(3, 9))).isEmpty();
    assertThat(ids(RUNS + "?webhookId=nonsense")).isEmpty();
    assertThat(ids(RUNS + "?from=2026-11-23T08:00:02Z")).containsExactly(done.id());
    assertThat(ids(RUNS + "?to=2026-11-23T08:00:02Z")).containsExactly(failed.id());
    JsonObject page = parsed(acme.get(RUNS + "?pageSize=1"));
    assertThat(ids(page)).containsExactly(done.id());
    assertThat(ids(RUNS + "?pageSize=1&nextToken=" + page.getString("nextToken")))
        .containsExactly(failed.id());
  }

  @Test
  void m3ters_ways_to_ask_for_runs_are_answered() {
    IntegrationRun first = put(1, IntegrationRunStatus.ERROR, "no");
    IntegrationRun second = put(2, IntegrationRunStatus.COMPLETE, null);
    String ofRule = RUNS + "/Notification/" + RULE;

    assertThat(ids(ofRule)).containsExactly(second.id(), first.id());
    assertThat(ids(ofRule + "?order=ASC")).containsExactly(first.id(), second.id());
    JsonObject page = parsed(acme.get(ofRule + "?order=ASC&pageSize=1"));
    assertThat(ids(ofRule + "?order=ASC&pageSize=1&nextToken=" + page.getString("nextToken")))
        .containsExactly(second.id());
    assertThat(ids(ofRule + "?startDate=2026-11-23T08:00:01Z")).containsExactly(second.id());
    assertThat(ids(ofRule + "?endDate=2026-11-23T08:00:01Z&status=ERROR"))
        .containsExactly(first.id());
    assertThat(ids(RUNS + "/notification/" + new UUID(1, 7))).isEmpty();
    assertThat(ids(RUNS + "/Bill/" + RULE)).isEmpty();
    assertThat(ids(RUNS + "/destinations/" + HOOK)).containsExactly(second.id(), first.id());
    assertThat(ids(RUNS + "/destinations/nonsense")).isEmpty();
    assertThat(parsed(acme.get(RUNS + "/Notification/latest/" + RULE)).getString("id"))
        .isEqualTo(second.id().toString());
    assertThat(parsed(acme.get(RUNS + "/Notification/latest")).getString("id"))
        .isEqualTo(second.id().toString());
    assertThat(acme.get(RUNS + "/Notification/latest/" + new UUID(1, 7)).statusCode())
        .isEqualTo(404);
    assertThat(acme.get(RUNS + "/Bill/latest").statusCode()).isEqualTo(404);
  }

  @Test
  void what_is_wrong_with_a_question_is_said() {
    JsonObject error =
        parsed(acme.get(RUNS + "?status=BROKEN&from=yesterday&pageSize=201&nextToken=x"));
    assertThat(
            error.getJsonArray("errors").stream().map(e -> ((JsonObject) e).getString("parameter")))
        .containsExactlyInAnyOrder("status", "from", "pageSize", "nextToken");
    assertThat(error.getString("message")).contains("AWAITING_RETRY");
    assertThat(acme.get(RUNS + "/Notification/" + RULE + "?order=up").statusCode()).isEqualTo(400);
    assertThat(acme.get(RUNS + "/" + new UUID(9, 9)).statusCode()).isEqualTo(404);
    assertThat(acme.get(RUNS + "/nonsense").statusCode()).isEqualTo(404);
    assertThat(acme.get(RUNS + "/logs/" + new UUID(9, 9)).statusCode()).isEqualTo(404);
  }

  @Test
  void a_replay_that_would_not_be_sent_says_what_is_off() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "no");
    api.runs.switchOff(run.id(), "the webhook is not active");

    HttpResponse<Buffer> refused = acme.post(RUNS + "/" + run.id() + "/replay", "");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(parsed(refused).getString("code")).isEqualTo("destination_off");
    assertThat(parsed(refused).getString("message"))
        .isEqualTo("a replay would not be sent: the webhook is not active");
    assertThat(ids(RUNS)).containsExactly(run.id());
  }

  @Test
  void another_organization_sees_and_replays_none_of_them() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "no");
    ApiClient bolt = new ApiClient(api, BOLT);

    assertThat(ids(parsed(bolt.get(RUNS)))).isEmpty();
    assertThat(bolt.get(RUNS + "/" + run.id()).statusCode()).isEqualTo(404);
    assertThat(bolt.get(RUNS + "/logs/" + run.id()).statusCode()).isEqualTo(404);
    assertThat(bolt.post(RUNS + "/" + run.id() + "/replay", "").statusCode()).isEqualTo(404);
  }

  private List<RunId> ids(String path) {
    HttpResponse<Buffer> response = acme.get(path);
    assertThat(response.statusCode()).as(response.bodyAsString()).isEqualTo(200);
    return ids(parsed(response));
  }

  private static List<RunId> ids(JsonObject page) {
    List<RunId> ids = new ArrayList<>();
    page.getJsonArray("data")
        .forEach(item -> ids.add(new RunId(UUID.fromString(((JsonObject) item).getString("id")))));
    return ids;
  }

  private IntegrationRun put(int number, IntegrationRunStatus status, @Nullable String error) {
    boolean ended = status == IntegrationRunStatus.COMPLETE || status == IntegrationRunStatus.ERROR;
    IntegrationRun run =
        new IntegrationRun(
            new RunId(id(5, number)),
            new IntegrationRun.What(
                RULE,
                new EventId(id(6, number)),
                new EventId(id(7, number)),
                new IntegrationId(new UUID(2, 1)),
                HOOK),
            status,
            "https://example.com/hook",
            ended ? 2 : 0,
            error,
            ended ? null : START,
            START,
            ended ? START.plusSeconds(3_600) : null,
            null,
            2,
            START.plusSeconds(1_800));
    api.runs.put(ACME.organization(), run);
    return run;
  }

  private static UUID id(int kind, int seconds) {
    return new UUID(
        START.plusSeconds(seconds).toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | kind);
  }

  @Test
  void a_run_that_has_ended_is_replayed_and_the_replay_names_it() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "no");

    JsonObject replay = parsed(acme.post(RUNS + "/" + run.id() + "/replay", ""));

    assertThat(replay.getString("parentIntegrationRunId")).isEqualTo(run.id().toString());
    assertThat(replay.getString("status")).isEqualTo("WAITING");
    assertThat(replay.getString("id")).isNotEqualTo(run.id().toString());
    assertThat(parsed(acme.get(RUNS + "/" + replay.getString("id"))).getString("eventId"))
        .isEqualTo(run.what().cause().toString());
  }

  @Test
  void a_replay_asked_for_again_with_its_key_is_the_same() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "no");
    String path = RUNS + "/" + run.id() + "/replay";

    String first = parsed(acme.post(path, json("{'key':'one'}"))).getString("id");
    assertThat(parsed(acme.post(path, json("{'key':'one'}"))).getString("id")).isEqualTo(first);
    assertThat(parsed(acme.post(path, json("{'key':'two'}"))).getString("id")).isNotEqualTo(first);
    assertThat(acme.post(path, json("{'key':5}")).statusCode()).isEqualTo(400);
    assertThat(acme.post(path, "[]").statusCode()).isEqualTo(400);
  }

  @Test
  void a_run_that_has_not_ended_is_not_replayed() {
    IntegrationRun run = put(1, IntegrationRunStatus.AWAITING_RETRY, "no");

    HttpResponse<Buffer> refused = acme.post(RUNS + "/" + run.id() + "/replay", "");

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(parsed(refused).getString("code")).isEqualTo("run_not_ended");
    assertThat(parsed(refused).getString("message")).contains("AWAITING_RETRY");
  }

  @Test
  void a_run_of_a_hidden_event_does_not_exist_wherever_runs_are_asked_for() {
    IntegrationRun hidden = put(1, IntegrationRunStatus.ERROR, "no");
    IntegrationRun shown = put(2, IntegrationRunStatus.ERROR, "no");
    api.events.add(cause(hidden, "configuration.product.created"));
    api.events.add(cause(shown, "configuration.plan.created"));
    ApiClient ci = caller(new Statement("deny", List.of("all"), List.of("config:product/*")));

    for (String list :
        List.of(RUNS, RUNS + "/destinations/" + HOOK, RUNS + "/Notification/" + RULE)) {
      assertThat(ids(list)).as(list).hasSize(2);
      assertThat(ids(parsed(ci.get(list)))).as(list).containsExactly(shown.id());
    }
    for (String one : List.of(RUNS + "/%s", RUNS + "/logs/%s")) {
      assertThat(ci.get(one.formatted(shown.id())).statusCode()).isEqualTo(200);
      assertThat(ci.get(one.formatted(hidden.id())).bodyAsString())
          .isEqualTo(ci.get(one.formatted(new UUID(0x7000, Long.MIN_VALUE))).bodyAsString());
    }
    assertThat(ci.post(RUNS + "/" + hidden.id() + "/replay", "").statusCode()).isEqualTo(404);
    assertThat(ci.post(RUNS + "/" + shown.id() + "/replay", "").statusCode()).isEqualTo(200);
  }

  @Test
  void a_denied_run_cannot_be_reached_and_reading_runs_is_not_replaying_them() {
    IntegrationRun run = put(1, IntegrationRunStatus.ERROR, "no");
    IntegrationRun denied = put(2, IntegrationRunStatus.ERROR, "no");
    ApiClient reader =
        caller(
            new Statement("deny", List.of("config:update"), List.of("config:integrationrun/*")),
            new Statement(
                "deny",
                List.of("config:retrieve"),
                List.of("config:integrationrun/item/" + denied.id())));
    api.events.add(cause(run, "configuration.plan.created"));

    assertThat(reader.get(RUNS + "/" + run.id()).statusCode()).isEqualTo(200);
    assertThat(reader.get(RUNS + "/" + denied.id()).statusCode()).isEqualTo(403);
    assertThat(reader.get(RUNS + "/logs/" + denied.id()).statusCode()).isEqualTo(403);
    assertThat(reader.post(RUNS + "/" + run.id() + "/replay", "").statusCode()).isEqualTo(403);
  }

  private ApiClient caller(Statement statement, Statement... more) {
    Caller caller =
        new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 10)), "ci-key");
    List<Statement> all = new ArrayList<>(List.of(ApiFixture.ADMINISTRATOR, statement));
    all.addAll(List.of(more));
    api.permit(caller, all.toArray(Statement[]::new));
    return new ApiClient(api, caller);
  }

  private static StoredEvent cause(IntegrationRun run, String name) {
    return new StoredEvent(
        ACME.organization(),
        run.what().cause(),
        new EventName(name),
        Category.CONFIGURATION,
        START,
        "x-1",
        null,
        "{}",
        null,
        null);
  }
}
