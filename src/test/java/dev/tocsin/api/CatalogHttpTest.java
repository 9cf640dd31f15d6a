package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.BOLT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers learn of the event types there are, over HTTP. */
class CatalogHttpTest {
  private static final String COMMITMENT = "configuration.commitment.";

  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void every_event_type_is_listed_in_order() {
    JsonArray types = ApiClient.parsed(acme.get("events/types")).getJsonArray("events");
    assertThat(types.stream().map(String.class::cast).toList())
        .hasSize(107)
        .isSorted()
        .contains(
            COMMITMENT + "created",
            "billing.bill.deleted",
            "ingest.validation.failure",
            "dataexport.job.success",
            "integration.perform.error");
  }

  @Test
  void what_is_created_has_new_fields_only_and_dates_are_texts() {
    Map<String, Object> fields = fields(COMMITMENT + "created");
    assertThat(fields)
        .containsEntry("new.accountId", "string")
        .containsEntry("new.amount", "double")
        .containsEntry("new.billingInterval", "int")
        .containsEntry("new.commitmentFeeBillInAdvance", "boolean")
        .containsEntry("new.customFields", "map")
        .containsEntry("new.endDate", "string")
        .containsEntry("new.productIds", "array");
    assertThat(fields.keySet()).allMatch(field -> field.startsWith("new."));
    assertThat(fields).doesNotContainKeys("new.version", "new.dtCreated", "new.createdBy");
  }

  @Test
  void what_is_updated_has_both_and_what_is_deleted_old_ones_only() {
    assertThat(fields(COMMITMENT + "updated"))
        .containsEntry("new.amount", "double")
        .containsEntry("old.amount", "double");
    assertThat(fields(COMMITMENT + "deleted").keySet())
        .contains("old.amount")
        .allMatch(field -> field.startsWith("old."));
    assertThat(fields("integration.perform.error")).isEmpty();
  }

  @Test
  void without_a_name_all_event_types_are_told_of() {
    JsonObject events = ApiClient.parsed(acme.get("events/fields")).getJsonObject("events");
    assertThat(events.fieldNames()).hasSize(107);
    assertThat(events.getJsonObject(COMMITMENT + "created").getMap())
        .isEqualTo(fields(COMMITMENT + "created"));
  }

  @Test
  void an_unknown_name_is_answered_with_the_nearest() {
    HttpResponse<Buffer> response = acme.get("events/fields?eventName=" + COMMITMENT + "craeted");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.bodyAsString()).contains(COMMITMENT + "created");
  }

  @Test
  void what_was_learned_is_listed_beside_what_was_known() {
    api.learnedFields.put(
        ACME.organization(),
        learned("Commitment", "customFields.tier", FieldType.STRING),
        learned("Commitment", "amount", FieldType.STRING),
        learned("Commitment", "createdBy", FieldType.STRING),
        learned("integration.perform.error", "message", FieldType.STRING));

    assertThat(fields(COMMITMENT + "updated"))
        .containsEntry("new.customFields.tier", "string")
        .containsEntry("old.customFields.tier", "string")
        .containsEntry("new.amount", "any")
        .doesNotContainKey("new.createdBy");
    assertThat(fields("integration.perform.error"))
        .containsExactly(Map.entry("new.message", "string"));
    JsonObject all = ApiClient.parsed(acme.get("events/fields")).getJsonObject("events");
    assertThat(all.getJsonObject(COMMITMENT + "deleted").getMap())
        .isEqualTo(fields(COMMITMENT + "deleted"))
        .containsEntry("old.customFields.tier", "string");
    assertThat(
            ApiClient.parsed(
                    new ApiClient(api, BOLT)
                        .get("events/fields?eventName=" + COMMITMENT + "created"))
                .encode())
        .doesNotContain("tier");
  }

  @Test
  void learned_fields_are_told_with_when_they_were_seen() {
    api.learnedFields.put(
        ACME.organization(),
        learned("Commitment", "tier", FieldType.STRING),
        learned("integration.perform.error", "message", FieldType.ANY));
    String first =
        "{'entity':'Commitment','field':'tier','type':'string',"
            + "'firstSeen':'2026-11-23T08:00:00Z','lastSeen':'2026-11-23T09:00:00Z'}";
    String second =
        "{'eventName':'integration.perform.error','field':'message','type':'any',"
            + "'firstSeen':'2026-11-23T08:00:00Z','lastSeen':'2026-11-23T09:00:00Z'}";

    assertThat(acme.get("catalog/fields").bodyAsString())
        .isEqualTo(json("{'data':[" + first + "," + second + "]}"));
    assertThat(acme.get("catalog/fields?entity=Commitment").bodyAsString())
        .isEqualTo(json("{'data':[" + first + "]}"));
    assertThat(acme.get("catalog/fields?eventName=integration.perform.error").bodyAsString())
        .isEqualTo(json("{'data':[" + second + "]}"));
    assertThat(acme.get("catalog/fields?entity=Nothing").bodyAsString())
        .isEqualTo(json("{'data':[]}"));
    assertThat(acme.get("catalog/fields?entity=a&eventName=b").statusCode()).isEqualTo(400);
  }

  private LearnedField learned(String subject, String path, FieldType type) {
    return new LearnedField(subject, path, type, api.now(), api.now().plus(Duration.ofHours(1)));
  }

  private Map<String, Object> fields(String eventName) {
    HttpResponse<Buffer> response = acme.get("events/fields?eventName=" + eventName);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject events = ApiClient.parsed(response).getJsonObject("events");
    assertThat(events.fieldNames()).containsExactly(eventName);
    return events.getJsonObject(eventName).getMap();
  }
}
