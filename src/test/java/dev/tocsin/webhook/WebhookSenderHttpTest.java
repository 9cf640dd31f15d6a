package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.tocsin.event.EventId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetServer;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookSenderHttpTest {
  private static final EventId ID = new EventId(new UUID(0x1234_5678_9abc_7000L, 1));
  private static final String BODY = "{\"type\":\"configuration.commitment.updated\",\"é\":1.50}";
  private static final String ENCODED_SECRET =
      "whsec_" + Base64.getEncoder().encodeToString(new byte[24]);
  private static final Credentials UNSIGNED = new Credentials.Unsigned();
  private static final SenderSettings QUICK =
      new SenderSettings(Duration.ofMillis(400), 10, 65_536, 4_096);
  private static final SenderSettings PATIENT =
      new SenderSettings(Duration.ofSeconds(30), 10, 65_536, 4_096);

  /** A request as a receiver saw it. */
  private record Seen(Map<String, String> headers, String body) {
    HttpHeaders forVerifier() {
      Map<String, List<String>> lists = new HashMap<>();
      headers.forEach((name, value) -> lists.put(name, List.of(value)));
      return HttpHeaders.of(lists, (name, value) -> true);
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicInteger connections = new AtomicInteger();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void a_request_is_verified_by_the_public_library() {
    URI url = receiver(response -> response.setStatusCode(204).end());
    Answer answer = send(PATIENT, url, new Credentials.Signed("the-key", List.of(ENCODED_SECRET)));

    assertThat(answer).isEqualTo(new Answer.Accepted(204, ""));
    Seen request = seen.element();
    assertThat(request.body()).isEqualTo(BODY);
    assertThat(request.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("user-agent", "Tocsin")
        .containsEntry("webhook-id", ID.toString())
        .containsEntry("webhook-api-key", "the-key");
    assertThatCode(() -> new Webhook(ENCODED_SECRET).verify(request.body(), request.forVerifier()))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () -> new Webhook(ENCODED_SECRET).verify(request.body() + " ", request.forVerifier()))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @Test
  void while_a_secret_is_rotated_both_verify() throws EmptyWebhookSecretException {
    URI url = receiver(HttpServerResponse::end);
    send(PATIENT, url, new Credentials.Signed("k", List.of("plain sécret", ENCODED_SECRET)));

    Seen request = seen.element();
    Webhook plain = new Webhook("plain sécret".getBytes(StandardCharsets.UTF_8));
    for (Webhook verifier : List.of(plain, new Webhook(ENCODED_SECRET))) {
      assertThatCode(() -> verifier.verify(request.body(), request.forVerifier()))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void without_credentials_a_request_is_unsigned_and_still_has_its_id() {
    URI url = receiver(HttpServerResponse::end);
    send(PATIENT, url, UNSIGNED);

    assertThat(seen.element().headers())
        .containsKeys("webhook-id", "webhook-timestamp")
        .doesNotContainKeys("webhook-signature", "webhook-api-key");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 404, 410, 500, 503})
  void any_other_status_is_a_refusal_and_no_redirect_is_followed(int status) {
    URI url =
        receiver(response -> response.setStatusCode(status).putHeader("location", "/x").end("no"));

    assertThat(send(PATIENT, url, UNSIGNED)).isEqualTo(new Answer.Refused(status, "no", null));
    assertThat(seen).hasSize(1);
  }

  @Test
  void a_receiver_that_is_busy_may_say_for_how_long() {
    for (int status : List.of(429, 503, 500)) {
      URI url =
          receiver(response -> response.setStatusCode(status).putHeader("retry-after", "7").end());
      Duration expected = status == 500 ? null : Duration.ofSeconds(7);
      assertThat(send(PATIENT, url, UNSIGNED)).isEqualTo(new Answer.Refused(status, "", expected));
    }
  }

  @Test
  void a_receiver_that_says_nothing_is_given_up_on() {
    URI url = receiver(response -> {});
    assertThat(send(QUICK, url, UNSIGNED)).isEqualTo(new Answer.TimedOut());
  }

  @Test
  void a_receiver_that_sends_its_head_byte_by_byte_is_given_up_on() {
    URI url = rawReceiver(true, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    assertThat(send(QUICK, url, UNSIGNED)).isEqualTo(new Answer.TimedOut());
  }

  @Test
  void a_body_that_drips_past_the_deadline_is_cut_off_and_the_status_counts() {
    URI url =
        receiver(response -> {
          response.setChunked(true).write("first");
          vertx.setPeriodic(50, timer -> response.write("."));
        });

    Answer answer = send(QUICK, url, UNSIGNED);
    assertThat(answer).isInstanceOf(Answer.Accepted.class);
    assertThat(((Answer.Accepted) answer).body()).startsWith("first.");
  }

  @Test
  void an_endless_body_is_cut_off_and_its_beginning_kept() {
    String chunk = "x".repeat(10_000);
    URI url =
        receiver(response -> {
          response.setChunked(true).setStatusCode(500);
          vertx.setPeriodic(1, timer -> response.write(chunk));
        });

    assertThat(send(PATIENT, url, UNSIGNED))
        .isEqualTo(new Answer.Refused(500, "x".repeat(4_096), null));
  }

  @Test
  void the_connection_of_what_is_cut_off_is_closed() {
    Handler<HttpServerResponse> silent = response -> {};
    Handler<HttpServerResponse> dripping =
        response -> {
          response.setChunked(true);
          vertx.setPeriodic(50, timer -> response.write("."));
        };
    Handler<HttpServerResponse> flooding =
        response -> response.setChunked(true).write("x".repeat(70_000));
    for (Handler<HttpServerResponse> endless : List.of(silent, dripping, flooding)) {
      CompletableFuture<Void> closed = new CompletableFuture<>();
      send(
          QUICK,
          receiver(response -> {
            response.closeHandler(gone -> closed.complete(null));
            endless.handle(response);
          }),
          UNSIGNED);
      assertThat(closed).succeedsWithin(Duration.ofSeconds(10));
    }
  }

  @Test
  void a_port_that_nobody_listens_on_is_unreachable() {
    URI url = receiver(HttpServerResponse::end);
    vertx.close().toCompletionStage().toCompletableFuture().join();
    Vertx other = Vertx.vertx();
    try {
      assertThat(send(other, PATIENT, url, UNSIGNED))
          .isEqualTo(new Answer.Unreachable("the connection was refused"));
    } finally {
      other.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  @Test
  void a_name_that_does_not_exist_is_unreachable_and_not_repeated() {
    assertThat(send(PATIENT, URI.create("http://nowhere.invalid/hook"), UNSIGNED))
        .isEqualTo(new Answer.Unreachable("the name cannot be resolved"));
  }

  @Test
  void a_receiver_without_tls_fails_an_https_request() {
    URI url = receiver(HttpServerResponse::end);
    assertThat(send(PATIENT, URI.create(url.toString().replace("http:", "https:")), UNSIGNED))
        .isEqualTo(new Answer.Unreachable("TLS failed"));
  }

  @Test
  void a_connection_closed_before_the_head_is_whole_is_no_answer() {
    URI url = rawReceiver(false, "HTTP/1.1 200 OK\r\ncontent-le");
    assertThat(send(PATIENT, url, UNSIGNED))
        .isEqualTo(new Answer.Unreachable("the connection was closed before an answer"));
  }

  @Test
  void a_connection_closed_in_the_body_leaves_the_status() {
    URI url = rawReceiver(false, "HTTP/1.1 202 Accepted\r\ncontent-length: 100\r\n\r\nhalf");
    assertThat(send(PATIENT, url, UNSIGNED)).isEqualTo(new Answer.Accepted(202, "half"));
  }

  @Test
  void what_is_not_http_is_no_answer() {
    URI url = rawReceiver(false, "220 mail.example ESMTP\r\n\r\n");
    assertThat(send(PATIENT, url, UNSIGNED))
        .isEqualTo(new Answer.Unreachable("the answer is not HTTP"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "ftp://127.0.0.1/", "http:///path", "mailto:a@b.c", "http://h:70000"})
  void a_url_that_no_request_can_be_made_of_is_an_answer_too(String url) {
    assertThat(send(PATIENT, URI.create(url), UNSIGNED))
        .isEqualTo(new Answer.Unreachable("the webhook's URL cannot be requested"));
  }

  @Test
  void an_api_key_that_would_break_the_head_is_not_sent() {
    URI url = receiver(HttpServerResponse::end);
    assertThat(send(PATIENT, url, new Credentials.Signed("a\r\nb: c", List.of("s"))))
        .isEqualTo(new Answer.Unreachable("the api key cannot be sent as a header"));
    assertThat(seen).isEmpty();
  }

  /** A request may start before the connection of the one before it is back: then there are two. */
  @Test
  void requests_one_after_another_share_their_connections() {
    URI url = receiver(response -> response.end("thanks"));
    WebhookSender sender = sender(vertx, PATIENT, InstantSource.system());
    for (int n = 0; n < 20; n++) {
      assertThat(join(sender, url, UNSIGNED)).isEqualTo(new Answer.Accepted(200, "thanks"));
    }

    assertThat(connections).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void the_url_is_requested_as_it_stands() {
    URI url = receiver(HttpServerResponse::end);
    send(PATIENT, URI.create(url + "/a%2Fb?c=%20d&e#f"), UNSIGNED);
    assertThat(seen.element().headers()).containsEntry(":path", "/hook/a%2Fb?c=%20d&e");
  }

  @Test
  void the_timestamp_is_the_attempts_time() {
    URI url = receiver(HttpServerResponse::end);
    Instant attempt = Instant.parse("2026-11-23T08:00:00.900Z");
    join(sender(vertx, PATIENT, () -> attempt), url, UNSIGNED);
    assertThat(seen.element().headers())
        .containsEntry("webhook-timestamp", Long.toString(attempt.getEpochSecond()));
  }

  private Answer send(SenderSettings settings, URI url, Credentials credentials) {
    return send(vertx, settings, url, credentials);
  }

  private static Answer send(Vertx on, SenderSettings settings, URI url, Credentials credentials) {
    return join(sender(on, settings, InstantSource.system()), url, credentials);
  }

  private static WebhookSender sender(Vertx on, SenderSettings settings, InstantSource clock) {
    AddressCheck loopback = new AddressCheck(List.of(Network.of("127.0.0.0/8")));
    return new WebhookSender(
        on,
        settings,
        new CheckedAddresses(Resolver.of(on), loopback, new SimpleMeterRegistry()),
        clock);
  }

  private static Answer join(WebhookSender sender, URI url, Credentials credentials) {
    Destination destination = new Destination(new WebhookId(new UUID(0, 1)), url, credentials);
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    sender.send(new WebhookRequest(destination, ID, BODY), answer::complete);
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private URI receiver(Handler<HttpServerResponse> answering) {
    HttpServer server =
        vertx
            .createHttpServer()
            .connectionHandler(connection -> connections.incrementAndGet())
            .requestHandler(
                request -> request.body().onSuccess(body -> see(request, body, answering)))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
  }

  private void see(HttpServerRequest request, Buffer body, Handler<HttpServerResponse> answering) {
    Map<String, String> headers = new HashMap<>(Map.of(":path", request.uri()));
    request.headers().forEach(header -> headers.put(header.getKey(), header.getValue()));
    seen.add(new Seen(headers, body.toString()));
    answering.handle(request.response());
  }

  /** Answers with bytes: slowly one by one and never to the end, or all at once and then closes. */
  private URI rawReceiver(boolean slowly, String bytes) {
    NetServer server =
        vertx
            .createNetServer()
            .connectHandler(socket ->
                socket.handler(request -> {
                  if (!slowly) {
                    socket.end(Buffer.buffer(bytes));
                    return;
                  }
                  AtomicInteger next = new AtomicInteger();
                  vertx.setPeriodic(
                      50,
                      timer -> socket.write(bytes.substring(next.get(), next.incrementAndGet())));
                }))
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join();
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
  }
}
