package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InterceptionHttpTest {
  private final Vertx vertx = Vertx.vertx();
  private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
  private final List<Answer> answers = new ArrayList<>();

  @AfterEach
  void close() {
    join(vertx.close());
  }

  /** Otherwise the receiver would have a notification that counts as not sent. */
  @Test
  void a_request_that_gets_its_connection_too_late_is_not_sent_and_gives_it_back() {
    int port = receiver();
    PoolOptions oneConnection = new PoolOptions().setHttp1MaxSize(1);
    WebClient client =
        WebClient.create(vertx, new WebClientOptions(), oneConnection)
            .addInterceptor(new Interception());

    Exchange late = exchange();
    late.cutOff();
    Future<HttpResponse<String>> unsent =
        client.post(port, "127.0.0.1", "/late").as(late).sendBuffer(Buffer.buffer("{}"));
    Future<HttpResponse<String>> sent =
        client.post(port, "127.0.0.1", "/timely").as(exchange()).sendBuffer(Buffer.buffer("{}"));

    assertThat(join(sent).body()).isEqualTo("thanks");
    assertThat(seen).containsExactly("/timely");
    assertThat(unsent.cause()).isInstanceOf(CancellationException.class);
    assertThat(answers).containsExactly(new Answer.TimedOut());
  }

  private Exchange exchange() {
    Destination destination =
        new Destination(
            new WebhookId(new UUID(0, 1)),
            URI.create("http://127.0.0.1/"),
            new Credentials.Unsigned());
    return new Exchange(
        new WebhookRequest(destination, new EventId(new UUID(0, 2)), "{}"),
        new SenderSettings(Duration.ofSeconds(30), 1, 65_536, 4_096),
        InstantSource.system(),
        answers::add);
  }

  private int receiver() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              seen.add(request.path());
              request.response().end("thanks");
            });
    return join(server.listen(0, "127.0.0.1")).actualPort();
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
