package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.api.ContractCheck.Exchange;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the check of all other tests' answers lets through, and what not. */
class ContractCheckHttpTest {
  private static final String TYPES = "/organizations/o-1/events/types";
  private static final String SERVICE_USERS = "/organizations/o-1/serviceusers";
  private static final String NO_EVENTS = "{\"events\":[]}";

  @Test
  void an_answer_of_the_contract_passes() {
    passes(HttpMethod.GET, TYPES + "?x=y", 200, NO_EVENTS);
    passes(HttpMethod.GET, TYPES, 403, "{\"message\":\"m\",\"code\":\"missing_token\"}");
    passes(HttpMethod.GET, "/nothing", 404, "{\"message\":\"m\",\"code\":\"not_found\"}");
    passes(HttpMethod.PUT, TYPES, 405, "{\"message\":\"m\",\"code\":\"method_not_allowed\"}");
  }

  @Test
  void a_property_more_or_less_or_of_another_type_fails() {
    fails(HttpMethod.GET, TYPES, 200, "{}", "/events: required [\"events\"]");
    fails(HttpMethod.GET, TYPES, 200, "{\"events\":[],\"more\":1}", "/more: additionalProperties");
    fails(HttpMethod.GET, TYPES, 200, "{\"events\":[1]}", "/events/0: type string");
    fails(HttpMethod.GET, TYPES, 200, "{\"events\":[],\"events\":[]}", "Duplicate field 'events'");
    fails(HttpMethod.GET, TYPES, 200, "no JSON", "the answer is not the JSON it has to be");
  }

  @Test
  void a_status_or_a_code_that_is_not_described_fails() {
    fails(HttpMethod.GET, TYPES, 201, NO_EVENTS, "the operation has no answer 201");
    fails(
        HttpMethod.GET,
        TYPES,
        404,
        "{\"message\":\"m\",\"code\":\"not_found\"}",
        "the operation has no answer 404");
    fails(HttpMethod.GET, TYPES, 400, "{\"message\":\"m\",\"code\":\"odd\"}", "/code: enum");
    fails(HttpMethod.GET, "/nothing", 200, "{}", "there is no such operation");
  }

  @Test
  void an_answer_without_its_headers_fails() {
    String busy = "{\"message\":\"m\",\"code\":\"busy\"}";
    assertThat(failure(exchange(HttpMethod.GET, TYPES, null, 503, busy, Map.of())))
        .contains("does not answer null", "there is no header Retry-After");
    assertThat(failure(exchange(HttpMethod.PUT, TYPES, null, 405, busy, Map.of())))
        .contains("there is no header Allow");
  }

  @Test
  void a_request_that_succeeded_and_is_none_of_the_contract_fails() {
    assertThat(
            failure(exchange(HttpMethod.POST, SERVICE_USERS, "{\"name\":7}", 200, "{}", Map.of())))
        .contains("request /name: type string");
    assertThat(
            failure(
                exchange(HttpMethod.GET, SERVICE_USERS + "?pageSize=0", null, 200, "{}", Map.of())))
        .contains("request ?pageSize: minimum 1");
  }

  @Test
  void an_address_is_taken_for_the_plainest_of_the_paths_it_could_be() {
    String log = "{\"Payload\":\"\"}";
    passes(HttpMethod.GET, "/organizations/o-1/integrationruns/logs/latest", 200, log);
    passes(HttpMethod.GET, "/organizations/o-1/integrationruns/logs/r-1", 200, log);
    fails(
        HttpMethod.GET,
        "/organizations/o-1/integrationruns/Notification/latest",
        200,
        log,
        "/attemptCount: required");
  }

  @Test
  void clients_of_tests_fail_on_such_answers() {
    Vertx vertx = Vertx.vertx();
    try {
      int port =
          ApiFixture.await(
                  vertx
                      .createHttpServer()
                      .requestHandler(request ->
                          request
                              .response()
                              .putHeader("content-type", "application/json")
                              .end("{\"status\":\"UP\",\"since\":\"today\"}"))
                      .listen(0, "127.0.0.1"))
              .actualPort();

      assertThatThrownBy(() ->
              ApiFixture.await(
                  ContractCheck.client(vertx).get(port, "127.0.0.1", "/health/live").send()))
          .hasMessageContaining("/since: additionalProperties");
    } finally {
      ApiFixture.await(vertx.close());
    }
  }

  private static void passes(HttpMethod method, String target, int status, String body) {
    assertThatCode(() -> ContractCheck.check(whole(method, target, status, body)))
        .doesNotThrowAnyException();
  }

  private static void fails(HttpMethod method, String target, int status, String body, String why) {
    assertThat(failure(whole(method, target, status, body))).contains(why);
  }

  private static String failure(Exchange exchange) {
    try {
      ContractCheck.check(exchange);
      return "passed";
    } catch (AssertionError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** An answer with all headers that any needs. */
  private static Exchange whole(HttpMethod method, String target, int status, String body) {
    return exchange(
        method,
        target,
        null,
        status,
        body,
        Map.of("content-type", "application/json", "allow", "GET", "retry-after", "1"));
  }

  private static Exchange exchange(
      HttpMethod method,
      String target,
      @Nullable String sent,
      int status,
      String body,
      Map<String, String> headers) {
    return new Exchange(method, target, sent, status, headers::get, body);
  }
}
