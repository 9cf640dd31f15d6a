package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.JsonValues;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the contract says of requests. */
class ContractTest {
  private static final String ORGANIZATION = "/organizations/:orgId/";
  private static final Contract CONTRACT = Contract.load();

  @Test
  void a_body_that_is_as_it_has_to_be_has_no_breaches() {
    assertThat(
            breaches(
                "integrationdestinations/webhooks",
                "{'name':'n','description':'d','url':'https://example.com/','code':null,"
                    + "'credentials':{'type':'M3TER_SIGNED_REQUEST','empty':true},'more':[1e400]}"))
        .isEmpty();
  }

  @Test
  void all_breaches_of_a_body_are_named_with_their_places() {
    assertThat(
            breaches(
                "integrationdestinations/webhooks",
                "{'name':'','description':3,'active':'yes',"
                    + "'credentials':{'type':'OAUTH','secret':[]},'version':1.5}"))
        .containsExactlyInAnyOrder(
            "/name minLength 1",
            "/description type string",
            "/url required [\"name\",\"description\",\"url\",\"credentials\"]",
            "/active type [\"boolean\",\"null\"]",
            "/credentials/type const M3TER_SIGNED_REQUEST",
            "/credentials/secret type [\"string\",\"null\"]",
            "/version type [\"integer\",\"null\"]");
  }

  @Test
  void places_are_pointers_whatever_the_names_are() {
    assertThat(
            shown(
                CONTRACT
                    .shapeAt("/components/schemas/EventFields")
                    .breaches(Map.of("events", Map.of("a/b~c é+%", "x")))))
        .containsExactly("/events/a~1b~0c é+% type object");
  }

  /** To divide it, as the validator does to see whether it is whole, takes gigabytes. */
  @Test
  void a_number_that_fits_nowhere_is_only_no_whole_number() {
    for (String number : List.of("1e2147483646", "1e999999999", "-1e-999999999", "1.0", "1e400")) {
      assertThat(breaches("serviceusers", "{'name':'n','version':" + number + "}"))
          .as(number)
          .containsExactly("/version type [\"integer\",\"null\"]");
    }
  }

  /** Or a body of 256 KiB would take seconds, and its answer megabytes. */
  @Test
  void of_thousands_of_breaches_the_first_are_told() {
    String many = "1,".repeat(100_000) + "1";

    assertThat(breaches("permissionpolicies", "{'name':'n','permissionPolicy':[" + many + "]}"))
        .hasSize(100)
        .contains("/permissionPolicy maxItems 50", "/permissionPolicy/7 type object");
  }

  /** What is left of an array must not be taken for all of it. */
  @Test
  void however_much_is_sent_beside_it_nothing_that_is_there_is_found_missing() {
    String statement = "{'effect':'allow','action':['all'],'resource':['*']}";
    String many = "1,".repeat(5_000) + "1";

    assertThat(
            breaches(
                "permissionpolicies",
                "{'more':[%s],'name':'n','permissionPolicy':[%s]}".formatted(many, statement)))
        .isEmpty();
  }

  @Test
  void what_is_known_and_wrong_is_not_also_unknown() {
    assertThat(
            shown(
                CONTRACT
                    .shapeAt("/components/schemas/IncomingEvent")
                    .breaches(Map.of("eventName", 1L, "data", "x"))))
        .containsExactlyInAnyOrder("/eventName type string", "/data additionalProperties false");
  }

  @Test
  void parameters_are_read_by_their_types() {
    Contract.Operation list = operation(HttpMethod.GET, "events");

    assertThat(breaches(list, "pageSize", "100")).isEmpty();
    assertThat(breaches(list, "pageSize", "")).isEmpty();
    assertThat(breaches(list, "pageSize", "101")).containsExactly(" maximum 100");
    assertThat(breaches(list, "pageSize", "ten")).containsExactly(" type integer");
    assertThat(breaches(list, "pageSize", "1", "2")).containsExactly(" maxItems 1");
    assertThat(breaches(list, "includeActioned", "false")).isEmpty();
    assertThat(breaches(list, "includeActioned", "no")).containsExactly(" type boolean");
    assertThat(breaches(list, "eventName", "x".repeat(501))).containsExactly(" maxLength 500");
    String id = "01932f1a-6b1c-7d0e-9f4a-2c5b8e7d1a30";
    assertThat(breaches(list, "ids", id + "," + id, id)).isEmpty();
    assertThat(breaches(list, "ids", id + ",x")).containsExactly("/1 format uuid");
    assertThat(breaches(list, "ids", id + ", " + id)).isEmpty();
    assertThat(breaches(list, "from", "2026-11-23T08:00Z")).isEmpty();
    assertThat(breaches(operation(HttpMethod.PUT, "events/:id/actioned"), "actioned"))
        .containsExactly(" required true");
    assertThat(breaches(operation(HttpMethod.GET, "integrationruns"), "status", "DONE"))
        .hasSize(1)
        .allMatch(breach -> breach.startsWith(" enum [\"WAITING\","));
  }

  /** Or they would be looked for in the query, and found missing or misspelt there. */
  @Test
  void headers_are_no_parameters_of_the_query() {
    assertThat(operation(HttpMethod.POST, "events").query()).isEmpty();
    assertThat(operation(HttpMethod.GET, "events/stream").query())
        .containsOnlyKeys("eventName", "eventType", "lastEventId");
  }

  @Test
  void an_operation_that_is_not_in_the_contract_is_none() {
    assertThat(CONTRACT.operation(HttpMethod.DELETE, ORGANIZATION + "events")).isNull();
    assertThat(CONTRACT.operation(HttpMethod.GET, ORGANIZATION + "nothing")).isNull();
  }

  private static List<String> breaches(
      Contract.Operation operation, String name, String... values) {
    Contract.Parameter parameter = Objects.requireNonNull(operation.query().get(name));
    return shown(parameter.breaches(List.of(values)));
  }

  private static List<String> breaches(String path, String body) {
    Shape shape = operation(HttpMethod.POST, path).bodies().get("application/json");
    try {
      return shown(
          Objects.requireNonNull(shape)
              .breaches(JsonValues.payload(body.replace('\'', '"')).fields()));
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static Contract.Operation operation(HttpMethod method, String path) {
    return Objects.requireNonNull(CONTRACT.operation(method, ORGANIZATION + path), path);
  }

  private static List<String> shown(List<Breach> breaches) {
    return breaches.stream()
        .map(breach -> breach.pointer() + " " + breach.keyword() + " " + breach.expected())
        .toList();
  }
}
