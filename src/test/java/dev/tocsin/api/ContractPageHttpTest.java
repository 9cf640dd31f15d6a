package dev.tocsin.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract as the server shows it, without a token. */
class ContractPageHttpTest {
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]*)\"");
  private static final Pattern TARGET = Pattern.compile("id=\"([^\"]*)\"");

  private final ApiFixture api = ApiFixture.start();

  @AfterEach
  void close() {
    api.close();
  }

  @Test
  void the_contract_is_answered_as_it_is_written() {
    HttpResponse<Buffer> answer = get("/openapi.yaml");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("content-type")).startsWith("application/yaml");
    assertThat(answer.bodyAsString()).isEqualTo(Contract.text());
  }

  @Test
  void the_page_has_every_call_and_asks_for_nothing_else() {
    HttpResponse<Buffer> answer = get("/docs");
    String page = Objects.requireNonNull(answer.bodyAsString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.getHeader("content-type")).startsWith("text/html");
    assertThat(answer.getHeader("content-security-policy")).startsWith("default-src 'none'");
    for (Contract.Operation operation : Contract.shared().operations()) {
      assertThat(page)
          .contains(
              "<span class=\"method\">"
                  + operation.method()
                  + "</span> <code>"
                  + operation.path()
                  + "</code>");
    }
    assertThat(page).doesNotContain("<script", "src=", "url(", "@import");
    List<String> targets = all(TARGET, page);
    assertThat(targets).doesNotHaveDuplicates();
    assertThat(all(LINK, page))
        .isNotEmpty()
        .allSatisfy(link ->
            assertThat(link.equals("/openapi.yaml") || targets.contains(link.substring(1)))
                .as(link)
                .isTrue());
  }

  @Test
  void the_page_tells_headers_from_parameters_of_the_query() {
    String page = Objects.requireNonNull(get("/docs").bodyAsString());

    assertThat(page)
        .containsPattern("<code>ce-type</code><td><span class=\"type\">[^<]*, in the header</span>")
        .containsPattern(
            "<code>Last-Event-ID</code><td><span class=\"type\">[^<]*, in the header</span>")
        .containsPattern(
            "<code>lastEventId</code><td><span class=\"type\">[^<]*, in the query</span>");
  }

  private static List<String> all(Pattern pattern, String page) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(page);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private HttpResponse<Buffer> get(String path) {
    return ApiFixture.await(
        WebClient.create(api.vertx).request(HttpMethod.GET, api.port(), "127.0.0.1", path).send());
  }
}
