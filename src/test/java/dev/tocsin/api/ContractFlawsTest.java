package dev.tocsin.api;

import static dev.tocsin.api.ApiClient.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ContractFlawsTest {
  private static final Contract.Operation CREATE_USER =
      operation(HttpMethod.POST, "/organizations/:orgId/serviceusers");
  private static final Contract.Operation LIST_EVENTS =
      operation(HttpMethod.GET, "/organizations/:orgId/events");

  @Test
  void what_nobody_else_found_is_found_by_the_contract() {
    assertThat(messages(json("{}"), properties -> {})).containsExactly("/name: is required");
    assertThat(messages(json("{'name':7}"), properties -> {}))
        .containsExactly("/name: must be a text");
    assertThat(messages(json("{'name':'" + "x".repeat(201) + "'}"), properties -> {}))
        .containsExactly("/name: may have 200 characters");
    assertThat(messages(json("{'name':'ci','unknown':1}"), properties -> {})).isEmpty();
  }

  @Test
  void what_somebody_else_found_is_told_in_his_words() {
    assertThat(messages(json("{'name':7}"), properties -> properties.text("name", 200)))
        .containsExactly("/name: must be a text, not a number");
  }

  @Test
  void of_a_query_likewise() {
    Query query =
        new Query(Map.of("pageSize", List.of("7000"), "from", List.of(""), "other", List.of("1")));
    query.hold(LIST_EVENTS);

    assertThat(query.error())
        .extracting(ApiError::message)
        .isEqualTo("pageSize: must be 100 at most");
    query.page(100);
    assertThat(query.error())
        .extracting(ApiError::message)
        .isEqualTo("pageSize: must be a whole number from 1 to 100");
  }

  @Test
  void a_flaw_within_another_is_the_same_one() {
    Flaw outer = new Flaw.InBody("/a", "outer");
    Flaw inner = new Flaw.InBody("/a/0", "inner");
    Flaw other = new Flaw.InBody("/ab", "other");

    assertThat(ContractFlaws.joined(List.of(outer), List.of(inner, other)))
        .containsExactly(outer, other);
    assertThat(ContractFlaws.joined(List.of(inner), List.of(outer, other)))
        .containsExactly(inner, other);
  }

  private interface Reader {
    void read(JsonProperties properties);
  }

  private static List<String> messages(String body, Reader reader) {
    Reading<JsonProperties> read =
        Body.parse(
            body.getBytes(StandardCharsets.UTF_8),
            values -> ContractFlaws.ofBody(CREATE_USER, values));
    if (read instanceof Reading.Good<JsonProperties>(JsonProperties properties)) {
      reader.read(properties);
      return switch (properties.result(() -> "fine")) {
        case Reading.Good<String> good -> List.of();
        case Reading.Bad<String>(ApiError error) ->
            error.flaws().stream().map(flaw -> flaw.place() + ": " + flaw.message()).toList();
      };
    }
    throw new AssertionError("no JSON: " + body);
  }

  private static Contract.Operation operation(HttpMethod method, String path) {
    return Objects.requireNonNull(Contract.shared().operation(method, path));
  }
}
