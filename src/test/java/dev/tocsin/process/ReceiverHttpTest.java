package dev.tocsin.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.tocsin.process.Receiver.Inbox;
import dev.tocsin.process.Receiver.Reply;
import dev.tocsin.process.Receiver.Request;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class ReceiverHttpTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final HttpClient client = HttpClient.newHttpClient();
  private final Inbox inbox = new Inbox();
  private Receiver receiver;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.start(SECRET, inbox);
  }

  @AfterEach
  void stop() {
    receiver.close();
    client.close();
  }

  private HttpRequest signed(Webhook signer, String id, String body) throws Exception {
    long now = Instant.now().getEpochSecond();
    return HttpRequest.newBuilder(receiver.url("/hook"))
        .header("webhook-id", id)
        .header("webhook-timestamp", Long.toString(now))
        .header("webhook-signature", signer.sign(id, now, body))
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private HttpRequest signed(String id, String body) throws Exception {
    return signed(new Webhook(SECRET), id, body);
  }

  private HttpResponse<Void> send(HttpRequest request) throws Exception {
    return client.send(request, HttpResponse.BodyHandlers.discarding());
  }

  @Test
  void a_signed_request_is_genuine_and_kept_before_it_is_answered() throws Exception {
    assertThat(send(signed("msg_1", "{\"a\":1}")).statusCode()).isEqualTo(204);

    Request request = inbox.next(Duration.ZERO).orElseThrow();
    assertThat(request.isGenuine()).isTrue();
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.path()).isEqualTo("/hook");
    assertThat(request.webhookId()).isEqualTo("msg_1");
    assertThat(request.body()).isEqualTo("{\"a\":1}");
    assertThat(inbox.all()).containsExactly(request);
  }

  @Test
  void what_another_signed_is_not_genuine_and_refused() throws Exception {
    Webhook another = new Webhook("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
    assertThat(send(signed(another, "msg_1", "{}")).statusCode()).isEqualTo(401);
    assertThat(inbox.next(PATIENCE).orElseThrow().isGenuine()).isFalse();
  }

  @Test
  void an_unsigned_request_is_not_genuine() throws Exception {
    HttpRequest unsigned =
        HttpRequest.newBuilder(receiver.url("/"))
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    assertThat(send(unsigned).statusCode()).isEqualTo(401);
  }

  @Test
  void a_tampered_copy_does_not_verify() throws Exception {
    send(signed("msg_1", "{\"a\":1}"));
    Request request = inbox.next(PATIENCE).orElseThrow();
    assertThat(receiver.isGenuine(request.headers(), request.body())).isTrue();
    assertThat(receiver.isGenuine(request.headers(), "{\"a\":2}")).isFalse();
  }

  @Test
  void a_secret_without_the_prefix_is_taken_as_its_bytes() throws Exception {
    try (Receiver plain = Receiver.start("a plain secret", inbox)) {
      Webhook signer = new Webhook("a plain secret".getBytes(StandardCharsets.UTF_8));
      long now = Instant.now().getEpochSecond();
      send(
          HttpRequest.newBuilder(plain.url("/"))
              .header("webhook-id", "msg_1")
              .header("webhook-timestamp", Long.toString(now))
              .header("webhook-signature", signer.sign("msg_1", now, "{}"))
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build());
    }
    assertThat(inbox.next(PATIENCE).orElseThrow().isGenuine()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 302, 400, 410, 503})
  void it_answers_what_it_is_told_to(int status) throws Exception {
    receiver.answer(status);
    assertThat(send(signed("msg_1", "{}")).statusCode()).isEqualTo(status);
    receiver.answerOrdinarily();
    assertThat(send(signed("msg_2", "{}")).statusCode()).isEqualTo(204);
  }

  @Test
  void its_answer_may_have_headers() throws Exception {
    receiver.answer(request -> new Reply(429, Map.of("Retry-After", "7")));
    assertThat(send(signed("msg_1", "{}")).headers().firstValue("retry-after")).contains("7");
  }

  @Test
  void an_answer_that_takes_its_time_delays_no_other() throws Exception {
    CountDownLatch released = new CountDownLatch(1);
    receiver.answer(request -> {
      if (request.webhookId().equals("slow")) {
        await(released);
      }
      return Reply.of(204);
    });
    CompletableFuture<HttpResponse<Void>> slow =
        client.sendAsync(signed("slow", "{}"), HttpResponse.BodyHandlers.discarding());
    assertThat(inbox.next(PATIENCE)).isPresent();

    assertThat(send(signed("quick", "{}")).statusCode()).isEqualTo(204);
    assertThat(slow).isNotDone();
    released.countDown();
    assertThat(slow.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(204);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A delayed answer of 40 ms for each, as without TCP_NODELAY, would not get through in time. */
  @Test
  @Timeout(20)
  void many_requests_at_once_are_all_kept() throws Exception {
    List<HttpRequest> requests =
        IntStream.range(0, 32)
            .mapToObj(n -> {
              try {
                return signed("msg_" + n, "{\"n\":" + n + "}");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            })
            .toList();
    for (int round = 0; round < 50; round++) {
      requests.stream()
          .map(request -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
          .toList()
          .forEach(answer -> assertThat(answer.join().statusCode()).isEqualTo(204));
    }
    assertThat(inbox.all()).hasSize(1_600).allMatch(Request::isGenuine);
  }
}
