package dev.tocsin.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tocsin.process.ApiClient.Accepted;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ApiClient.Fired;
import dev.tocsin.process.ApiClient.Posted;
import dev.tocsin.process.ApiClient.Rejected;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that answers what the test wants, and takes down what it was asked. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ApiClientHttpTest {
  private static final Account ACCOUNT = new Account("org-1", "key", "secret");

  private record Answer(int status, String body) {}

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile Function<String, Answer> answer = call -> new Answer(200, "{}");
  private HttpServer server;
  private ApiClient api;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/oauth/token", this::token);
    server.createContext("/", this::call);
    server.start();
    api = new ApiClient(URI.create("http://127.0.0.1:" + server.getAddress().getPort()), ACCOUNT);
  }

  @AfterEach
  void stop() {
    api.close();
    server.stop(0);
  }

  private void token(HttpExchange exchange) throws IOException {
    asked.add("token " + exchange.getRequestHeaders().getFirst("Authorization"));
    respond(exchange, new Answer(200, "{\"access_token\":\"t" + tokens.incrementAndGet() + "\"}"));
  }

  private void call(HttpExchange exchange) throws IOException {
    String call =
        exchange.getRequestMethod()
            + " "
            + exchange.getRequestURI()
            + " "
            + exchange.getRequestHeaders().getFirst("Authorization");
    asked.add(call);
    respond(exchange, answer.apply(call));
  }

  private static void respond(HttpExchange exchange, Answer answer) throws IOException {
    exchange.getRequestBody().readAllBytes();
    byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Test
  void it_asks_for_a_token_once() throws Exception {
    api.get("/a");
    api.delete("/b");
    assertThat(asked)
        .containsExactly(
            "token Basic a2V5OnNlY3JldA==",
            "GET /organizations/org-1/a Bearer t1",
            "DELETE /organizations/org-1/b Bearer t1");
  }

  @Test
  void it_asks_again_when_its_token_is_no_longer_taken() throws Exception {
    api.get("/a");
    answer = call -> new Answer(call.endsWith("t1") ? 403 : 200, "{}");
    assertThat(api.get("/b").status()).isEqualTo(200);
    assertThat(asked).last().isEqualTo("GET /organizations/org-1/b Bearer t2");
  }

  @Test
  void an_answer_that_says_no_is_shown() {
    answer = call -> new Answer(400, "{\"message\":\"no such rule\"}");
    assertThatThrownBy(() -> api.post("/a", new JsonObject()).ok())
        .isInstanceOf(IOException.class)
        .hasMessage("the server answered 400: {\"message\":\"no such rule\"}");
  }

  @Test
  void a_list_is_read_over_all_its_pages() throws Exception {
    answer =
        call ->
            new Answer(
                200,
                call.contains("nextToken=a%2Bb")
                    ? "{\"data\":[{\"id\":\"2\"}],\"nextToken\":null}"
                    : "{\"data\":[{\"id\":\"1\"}],\"nextToken\":\"a+b\"}");
    assertThat(api.list("/x?pageSize=1"))
        .extracting(element -> element.getString("id"))
        .containsExactly("1", "2");
    assertThat(asked)
        .last()
        .isEqualTo("GET /organizations/org-1/x?pageSize=1&nextToken=a%2Bb Bearer t1");
  }

  @Test
  void what_became_of_events_is_read() throws Exception {
    answer =
        call ->
            new Answer(
                200,
                """
                {"accepted": [{"index": 0, "id": "e1", "duplicate": true,
                  "notifications": [{"id": "n1", "code": "c"}]}],
                 "rejected": [{"index": 1, "code": "unknown_event_name", "message": "m",
                  "failureEventId": "f1"}]}
                """);
    assertThat(api.events(new JsonObject()))
        .isEqualTo(
            new Posted(
                List.of(new Accepted(0, "e1", true, List.of(new Fired("n1", "c")))),
                List.of(new Rejected(1, "unknown_event_name", "m", "f1"))));
  }

  @Test
  void its_secret_is_not_shown() {
    assertThat(ACCOUNT.toString()).doesNotContain("secret");
  }
}
