package dev.tocsin.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;

/** A subscriber that costs as little as one can: of each event it reads the id. */
final class Subscriber implements AutoCloseable {
  private static final String ID = "id: ";

  private final HttpClient client;

  private Subscriber(HttpClient client) {
    this.client = client;
  }

  /**
   * Opens a stream, and waits until it is open.
   *
   * @param came is told the id of each event, and the steady nanoseconds when it arrived
   */
  static Subscriber open(
      Vertx vertx, URI address, String authorization, BiConsumer<String, Long> came) {
    HttpClient client = vertx.createHttpClient();
    RequestOptions request =
        new RequestOptions()
            .setAbsoluteURI(address.toString())
            .putHeader("authorization", authorization);
    client
        .request(request)
        .compose(made ->
            made.send().map(answer -> {
              listen(answer, came);
              return answer;
            }))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    return new Subscriber(client);
  }

  private static void listen(HttpClientResponse answer, BiConsumer<String, Long> came) {
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("a stream was answered " + answer.statusCode());
    }
    answer.handler(RecordParser.newDelimited("\n", line -> take(line, came)));
  }

  private static void take(Buffer line, BiConsumer<String, Long> came) {
    long now = System.nanoTime();
    if (line.length() < 64 && line.toString(StandardCharsets.US_ASCII).startsWith(ID)) {
      came.accept(line.getString(ID.length(), line.length()), now);
    }
  }

  @Override
  public void close() {
    client.close().toCompletionStage().toCompletableFuture().join();
  }
}
