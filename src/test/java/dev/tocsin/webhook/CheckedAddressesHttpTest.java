package dev.tocsin.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.EventId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.NetServer;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CheckedAddressesHttpTest {
  private static final Answer NOT_ALLOWED =
      new Answer.Unreachable("the webhook's address is not allowed: see delivery.allowedNetworks");
  private static final List<Network> LOOPBACK = List.of(Network.of("127.0.0.0/8"));

  private final Vertx vertx = Vertx.vertx();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ConcurrentLinkedQueue<String> hosts = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    join(vertx.close());
  }

  @Test
  void a_receiver_on_this_machine_is_not_requested_however_it_is_written() {
    int port = receiver();
    for (String host : List.of("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
      assertThat(send(List.of(), Resolver.of(vertx), "http://" + host + ":" + port))
          .as(host)
          .isEqualTo(NOT_ALLOWED);
    }
    assertThat(hosts).isEmpty();
    assertThat(meters.counter("tocsin.deliver.address.refused").count()).isEqualTo(4);
  }

  @Test
  void one_address_that_is_not_allowed_refuses_the_name() {
    int port = receiver();
    String url = "http://mixed.example:" + port + "/hook";
    assertThat(send(LOOPBACK, names("127.0.0.1", "10.0.0.1"), url)).isEqualTo(NOT_ALLOWED);
    assertThat(send(LOOPBACK, names("8.8.8.8", "::1"), url)).isEqualTo(NOT_ALLOWED);
    assertThat(hosts).isEmpty();
  }

  /** The name has no other address than the resolver's, so only a pinned connection gets there. */
  @Test
  void the_request_goes_to_the_address_that_was_checked_and_names_the_urls_host() {
    int port = receiver();
    Answer answer = send(LOOPBACK, names("127.0.0.1"), "http://pinned.invalid:" + port + "/hook");
    assertThat(answer).isEqualTo(new Answer.Accepted(200, ""));
    assertThat(hosts).containsExactly("pinned.invalid:" + port);
  }

  @Test
  void tls_asks_for_the_urls_host() {
    CompletableFuture<String> hello = new CompletableFuture<>();
    NetServer server =
        join(
            vertx
                .createNetServer()
                .connectHandler(socket ->
                    socket.handler(bytes -> {
                      hello.complete(text(bytes));
                      socket.close();
                    }))
                .listen(0, "127.0.0.1"));

    send(LOOPBACK, names("127.0.0.1"), "https://pinned.invalid:" + server.actualPort() + "/hook");
    assertThat(hello).isCompletedWithValueMatching(sent -> sent.contains("pinned.invalid"));
  }

  @Test
  void looking_a_name_up_counts_as_time() {
    Resolver silent = host -> Promise.<List<InetAddress>>promise().future();
    assertThat(send(LOOPBACK, silent, "http://slow.example/")).isEqualTo(new Answer.TimedOut());
  }

  private static Resolver names(String... addresses) {
    return host ->
        Future.succeededFuture(Stream.of(addresses).map(InetAddress::ofLiteral).toList());
  }

  private static String text(Buffer bytes) {
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  private Answer send(List<Network> allowed, Resolver resolver, String url) {
    WebhookSender sender =
        new WebhookSender(
            vertx,
            new SenderSettings(Duration.ofSeconds(2), 10, 65_536, 4_096),
            new CheckedAddresses(resolver, new AddressCheck(allowed), meters),
            InstantSource.system());
    Destination destination =
        new Destination(new WebhookId(new UUID(0, 1)), URI.create(url), new Credentials.Unsigned());
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    sender.send(
        new WebhookRequest(destination, new EventId(new UUID(0, 2)), "{}"), answer::complete);
    return answer.orTimeout(20, TimeUnit.SECONDS).join();
  }

  private int receiver() {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> {
              hosts.add(String.valueOf(request.getHeader("host")));
              request.response().end();
            });
    return join(server.listen(0, "127.0.0.1")).actualPort();
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
