package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static dev.tocsin.api.ApiClient.parsed;
import static dev.tocsin.api.ApiFixture.ACME;
import static dev.tocsin.api.ApiFixture.ADMINISTRATOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.Caller;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** States of entities over HTTP. */
class EntityStatesHttpTest {
  private final ApiFixture api = ApiFixture.start();
  private final ApiClient acme = new ApiClient(api, ACME);
  private int users = 10;

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void states_in_and_changes_out() {
    JsonObject created = ok(acme.put("entities/Plan/p1", "{ \"b\": 1.10, \"a\":1E2 }"));
    JsonObject updated = ok(acme.put("entities/plan/p1", json("{'b':1.1,'a':101,'id':'p1'}")));
    String unchanged = text(acme.put("entities/PLAN/p1", json("{'a':101.0,'b':1.10,'id':'p1'}")));
    JsonObject deleted = ok(acme.delete("entities/Plan/p1"));
    HttpResponse<Buffer> gone = acme.delete("entities/Plan/p1");

    assertThat(created.fieldNames())
        .containsExactly("eventId", "eventName", "changed", "duplicate", "notifications");
    assertThat(created.getBoolean("changed")).isTrue();
    assertThat(created.getBoolean("duplicate")).isFalse();
    assertThat(created.getString("eventName")).isEqualTo("configuration.plan.created");
    assertThat(event(created)).contains("{\"newDto\":{\"id\":\"p1\", \"b\": 1.10, \"a\":1E2 }}");
    assertThat(updated.getString("eventName")).isEqualTo("configuration.plan.updated");
    assertThat(event(updated))
        .contains(
            "{\"newDto\":{\"b\":1.1,\"a\":101,\"id\":\"p1\"},"
                + "\"oldDto\":{\"id\":\"p1\", \"b\": 1.10, \"a\":1E2 }}");
    assertThat(unchanged).isEqualTo("{\"changed\":false,\"duplicate\":false,\"notifications\":[]}");
    assertThat(deleted.getString("eventName")).isEqualTo("configuration.plan.deleted");
    assertThat(event(deleted)).contains("{\"oldDto\":{\"b\":1.1,\"a\":101,\"id\":\"p1\"}}");
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(parsed(gone).getString("code")).isEqualTo("not_found");
  }

  @Test
  void an_entity_of_the_organization_is_known_from_when_it_is_acknowledged() {
    acme.put("catalog/entities/Lead", json("{'family':'crm','dateFields':['wonDate']}"));

    assertThat(ok(acme.put("entities/lead/l%2F1", "{}")).getString("eventName"))
        .isEqualTo("crm.lead.created");
    JsonObject event =
        parsed(acme.get("events?eventName=crm.lead.created")).getJsonArray("data").getJsonObject(0);
    assertThat(event.getString("resourceId")).isEqualTo("l/1");
  }

  @Test
  void the_time_is_the_senders() {
    JsonObject created =
        ok(acme.put("entities/Plan/p1?eventTime=2026-11-20T09:00:00%2B01:00", "{}"));

    assertThat(event(created)).contains("\"eventTime\":\"2026-11-20T08:00:00Z\"");
  }

  @Test
  void an_unknown_entity_is_answered_with_the_one_that_was_probably_meant() {
    HttpResponse<Buffer> answer = acme.put("entities/Plam/p1", "{}");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(parsed(answer).getString("message"))
        .isEqualTo("no entity is named \"Plam\", did you mean Plan?");
  }

  @Test
  void wrong_content_is_pointed_at_and_kept() {
    HttpResponse<Buffer> answer =
        acme.put("entities/Contract/c1?id=k", json("{'startDate':'soon','accountId':'a1'}"));

    assertThat(answer.statusCode()).isEqualTo(400);
    JsonObject error = parsed(answer);
    assertThat(error.getString("code")).isEqualTo("validation_failed");
    assertThat(error.getJsonArray("errors").getJsonObject(0))
        .isEqualTo(
            new JsonObject()
                .put("pointer", "/startDate")
                .put(
                    "message",
                    "startDate must be a date (2026-11-23) or a date and time with offset"));
    JsonObject failure = parsed(acme.get("events/" + error.getString("failureEventId")));
    assertThat(failure.getString("eventName")).isEqualTo("ingest.validation.failure");
    assertThat(
            failure
                .getJsonObject("m3terEvent")
                .getJsonObject("eventData")
                .getJsonObject("newDto")
                .getJsonObject("original"))
        .isEqualTo(
            new JsonObject(
                json(
                    "{'id':'k','eventName':'configuration.contract.updated',"
                        + "'new':{'id':'c1','startDate':'soon','accountId':'a1'}}")));
  }

  /** The answer would tell that there is a product of that id, and which state it has. */
  @Test
  void whoever_may_not_see_an_entity_may_not_ask_by_writing_it() {
    ok(acme.put("entities/Product/p1", json("{'a':1}")));
    String before = api.events.contents();
    for (String denied : List.of("config:product/*", "config:product/item/p1", "config:event/*")) {
      ApiClient blind = blindFor(denied);
      assertNotPermitted(blind.put("entities/Product/p1", json("{'a':1}")));
      assertNotPermitted(blind.put("entities/pRODUCT/p1", "no JSON"));
      assertNotPermitted(blind.delete("entities/Product/p1"));
    }
    assertThat(api.events.contents()).isEqualTo(before);
    assertThat(blindFor("config:product/item/p2").delete("entities/Product/p1").statusCode())
        .isEqualTo(200);
  }

  @Test
  void of_whoever_may_not_see_an_account_only_other_accounts_are_taken() {
    ApiClient blind = blindFor("config:account/item/a1");

    assertNotPermitted(blind.put("entities/Product/p1", "{}"));
    assertNotPermitted(blind.delete("entities/Account/a1"));
    assertThat(blind.put("entities/account/a2", "{}").statusCode()).isEqualTo(200);
  }

  @Test
  void who_may_not_hear_of_all_entities_is_suggested_none() {
    assertThat(parsed(blindFor("config:plan/*").put("entities/Plam/p1", "{}")).getString("message"))
        .isEqualTo("no entity is named \"Plam\"");
  }

  /** Somebody who may do all, and not see this. */
  private ApiClient blindFor(String resource) {
    Caller caller =
        new Caller(
            ACME.organization(), new ServiceUserId(new UUID(0xBEL, users)), "key-" + users++);
    api.permit(
        caller,
        ADMINISTRATOR,
        new Statement("deny", List.of("config:retrieve"), List.of(resource)));
    return new ApiClient(api, caller);
  }

  private static void assertNotPermitted(HttpResponse<Buffer> answer) {
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(parsed(answer).getString("code")).isEqualTo("not_permitted");
  }

  private String event(JsonObject told) {
    return text(acme.get("events/" + told.getString("eventId")));
  }

  private static JsonObject ok(HttpResponse<Buffer> answer) {
    assertThat(answer.statusCode()).as(answer.bodyAsString()).isEqualTo(200);
    return parsed(answer);
  }

  private static String text(HttpResponse<Buffer> answer) {
    return Objects.requireNonNull(answer.bodyAsString());
  }
}
