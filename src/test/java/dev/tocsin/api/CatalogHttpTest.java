package dev.tocsin.api;

import static dev.tocsin.api.ApiFixture.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
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

  private Map<String, Object> fields(String eventName) {
    HttpResponse<Buffer> response = acme.get("events/fields?eventName=" + eventName);
    assertThat(response.statusCode()).isEqualTo(200);
    JsonObject events = ApiClient.parsed(response).getJsonObject("events");
    assertThat(events.fieldNames()).containsExactly(eventName);
    return events.getJsonObject(eventName).getMap();
  }
}
