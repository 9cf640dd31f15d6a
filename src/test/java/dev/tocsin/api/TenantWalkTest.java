package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.TenantWalk.Name;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That nothing is added to the contract which the walk through it passes by. */
class TenantWalkTest {
  private static final List<Name> SOME = List.of(new Name("own", "others", "never"));

  @Test
  void every_place_of_the_contract_is_known() {
    assertThat(TenantWalk.through(thing -> SOME).gaps()).isEmpty();
  }

  @Test
  void an_operation_that_is_added_and_whose_names_nobody_knows_is_a_gap_at_each_of_them() {
    JsonObject document = Contract.document();
    document
        .getJsonObject("paths")
        .put(
            "/organizations/{orgId}/widgets/{id}/parts",
            new JsonObject()
                .put(
                    "put",
                    new JsonObject()
                        .put(
                            "parameters",
                            new JsonArray().add(text("id", "path")).add(text("ids", "query")))
                        .put("requestBody", body("widgetId"))
                        .put("responses", new JsonObject())));

    assertThat(TenantWalk.through(document, thing -> SOME).gaps())
        .containsExactly(
            gap("id", "path", "widgets/{id}"),
            gap("ids", "query", "PUT widgets/{id}/parts ?ids"),
            gap("widgetId", "body", "PUT widgets/{id}/parts widgetId"));
  }

  @Test
  void a_thing_of_which_there_is_none_to_try_is_a_gap() {
    assertThat(TenantWalk.through(thing -> thing.equals("run") ? List.of() : SOME).gaps())
        .contains(
            "GET /organizations/{orgId}/integrationruns/{id}: \"id\" in the path names a run, of"
                + " which there is none to try: add one to OneOfEverything");
  }

  private static JsonObject text(String name, String in) {
    return new JsonObject()
        .put("name", name)
        .put("in", in)
        .put("schema", new JsonObject().put("type", "string"));
  }

  private static JsonObject body(String property) {
    JsonObject properties = new JsonObject().put(property, new JsonObject().put("type", "string"));
    JsonObject media =
        new JsonObject()
            .put("schema", new JsonObject().put("type", "object").put("properties", properties))
            .put("example", new JsonObject().put(property, "one"));
    return new JsonObject().put("content", new JsonObject().put("application/json", media));
  }

  private static String gap(String name, String in, String key) {
    return "PUT /organizations/{orgId}/widgets/{id}/parts: nobody says what \"%s\" in the %s names: add \"%s\" to TenantPlaces.NAMED"
        .formatted(name, in, key);
  }
}
