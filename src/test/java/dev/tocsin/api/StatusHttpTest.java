package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.event.EventId;
import dev.tocsin.rule.RuleId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers learn of what a rule did, over HTTP. */
class StatusHttpTest {
  private static final String RULES = "notifications/configurations";
  private static final LocalDate TODAY = LocalDate.parse("2026-11-23");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private final String rule =
      parsed(
              acme.post(
                  RULES,
                  json(
                      "{'code':'near','name':'Near','description':'d','alwaysFireEvent':true,"
                          + "'eventName':'configuration.commitment.updated'}")))
          .getString("id");

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void what_a_rule_did_is_told_for_each_day_that_events_are_kept_and_in_all() {
    RuleDay.LastError old = error("divided by zero", 1, "2026-11-20T10:00:00.000001Z");
    RuleDay.LastError latest = error("a text is no number", 2, "2026-11-21T10:00:00Z");
    put(new RuleDay(TODAY, 5, 3, 0, null));
    put(new RuleDay(TODAY.minusDays(2), 7, 1, 2, latest));
    put(new RuleDay(TODAY.minusDays(3), 1, 0, 1, old));
    put(new RuleDay(TODAY.minusDays(27), 100, 0, 0, null));
    put(new RuleDay(TODAY.minusDays(28), 1_000, 1_000, 0, null));

    JsonObject status = parsed(acme.get(RULES + "/" + rule + "/status"));

    assertThat(status.getString("id")).isEqualTo(rule);
    assertThat(status.getLong("evaluated")).isEqualTo(113);
    assertThat(status.getLong("fired")).isEqualTo(4);
    assertThat(status.getLong("errors")).isEqualTo(3);
    assertThat(status.getJsonObject("lastError"))
        .isEqualTo(
            new JsonObject()
                .put("message", "a text is no number")
                .put("eventId", latest.event().toString())
                .put("dtOccurred", "2026-11-21T10:00:00Z"));
    JsonArray days = status.getJsonArray("days");
    assertThat(days).hasSize(28);
    assertThat(days.getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("day", "2026-11-23")
                .put("evaluated", 5)
                .put("fired", 3)
                .put("errors", 0));
    assertThat(days.getJsonObject(3).getJsonObject("lastError").getString("message"))
        .isEqualTo("divided by zero");
    assertThat(days.getJsonObject(26).getLong("evaluated")).isZero();
    assertThat(days.getJsonObject(27).getString("day")).isEqualTo("2026-10-27");
    assertThat(days.getJsonObject(27).getLong("evaluated")).isEqualTo(100);
  }

  @Test
  void a_rule_that_did_nothing_yet_has_a_status_and_one_that_does_not_exist_has_none() {
    assertThat(parsed(acme.get(RULES + "/" + rule + "/status")).getLong("evaluated")).isZero();
    assertThat(acme.get(RULES + "/" + new UUID(1, 1) + "/status").statusCode()).isEqualTo(404);
    assertThat(acme.get(RULES + "/nonsense/status").statusCode()).isEqualTo(404);
    assertThat(new ApiClient(api, BOLT).get(RULES + "/" + rule + "/status").statusCode())
        .isEqualTo(404);
  }

  @Test
  void an_error_on_a_hidden_event_is_counted_and_not_told() {
    put(new RuleDay(TODAY, 5, 3, 1, error("divided by zero", 1, "2026-11-23T10:00:00Z")));
    Caller ci = new Caller(ACME.organization(), new ServiceUserId(new UUID(0xBEL, 10)), "ci-key");
    api.permit(
        ci,
        ApiFixture.ADMINISTRATOR,
        new Statement("deny", List.of("all"), List.of("config:product/*")));

    JsonObject status = parsed(new ApiClient(api, ci).get(RULES + "/" + rule + "/status"));
    assertThat(status.getLong("errors")).isEqualTo(1);
    assertThat(status.containsKey("lastError")).isFalse();
    assertThat(parsed(acme.get(RULES + "/" + rule + "/status")).containsKey("lastError")).isTrue();
  }

  private void put(RuleDay day) {
    api.ruleStatuses.put(new RuleId(UUID.fromString(rule)), day);
  }

  private static RuleDay.LastError error(String message, int event, String occurred) {
    Instant moment = Instant.parse(occurred);
    UUID floor = EventId.floor(moment).value();
    return new RuleDay.LastError(message, new UUID(floor.getMostSignificantBits(), event), moment);
  }
}
