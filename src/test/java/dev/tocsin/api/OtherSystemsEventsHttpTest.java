package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Events about no entity that other systems report: usage that was not taken, exports of data. */
class OtherSystemsEventsHttpTest {
  private static final JsonObject USAGE =
      new JsonObject()
          .put("type", "UndefinedMeter")
          .put("message", "there is no meter seats_used")
          .put("meter", "seats_used")
          .put(
              "getDownloadUrl",
              "https://api.example.com/organizations/o/measurements/failedIngest/getDownloadUrl"
                  + "?file=2026%2F11%2F23%2Ff.json");
  private static final JsonObject EXPORT =
      new JsonObject()
          .put("id", "job-1")
          .put("version", 3)
          .put("scheduleId", "schedule-1")
          .put("sourceType", "OPERATIONAL")
          .put("startedAt", "2026-11-23T07:00:00.000Z")
          .put("dateCreated", "2026-11-23T06:59:58.000Z");

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource({
    "ingest.validation.failure, IngestValidationFailure, new.type == \"UndefinedMeter\"",
    "dataexport.job.failure, DataExportJobFailure, new.status == \"FAILED\"",
    "dataexport.job.success, DataExportJobSuccess, new.version == 3 AND new.status != \"FAILED\""
  })
  void are_kept_as_they_are_listed_by_category_and_evaluated(
      String name, String category, String calculation) {
    String id = accepted(name, told(name));
    accepted("configuration.plan.created", new JsonObject().put("id", "p"));

    JsonArray listed = parsed(acme.get("events?eventType=" + category)).getJsonArray("data");
    assertThat(listed).hasSize(1);
    assertThat(listed.getJsonObject(0).getString("id")).isEqualTo(id);
    assertThat(
            listed
                .getJsonObject(0)
                .getJsonObject("m3terEvent")
                .getJsonObject("eventData")
                .getJsonObject("newDto"))
        .isEqualTo(told(name));
    JsonObject rule =
        new JsonObject()
            .put("name", "n")
            .put("description", "d")
            .put("code", "reported")
            .put("eventName", name)
            .put("calculation", calculation);
    assertThat(acme.post("notifications/configurations", rule.encode()).statusCode())
        .isEqualTo(200);
    JsonObject evaluation = new JsonObject().put("calculation", calculation).put("eventId", id);
    assertThat(
            parsed(acme.post("notifications/evaluate", evaluation.encode())).getBoolean("result"))
        .isTrue();
  }

  @Test
  void are_rejected_without_what_they_tell() {
    JsonObject answer = parsed(acme.post("events", json("{'eventName':'dataexport.job.failure'}")));

    assertThat(answer.getJsonArray("rejected").getJsonObject(0).getString("code"))
        .isEqualTo("missing_new");
  }

  private static JsonObject told(String name) {
    return switch (name) {
      case "ingest.validation.failure" -> USAGE;
      case "dataexport.job.failure" -> EXPORT.copy().put("status", "FAILED");
      default -> EXPORT.copy().put("status", "SUCCEEDED");
    };
  }

  private String accepted(String name, JsonObject state) {
    JsonObject event = new JsonObject().put("eventName", name).put("new", state);
    return parsed(acme.post("events", event.encode()))
        .getJsonArray("accepted")
        .getJsonObject(0)
        .getString("id");
  }
}
