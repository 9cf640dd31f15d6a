package dev.tocsin.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server as a proxy does that is being restarted: every third request is refused,
 * with 429 and 503 by turns, and never gets to the server. The others are passed on as they are.
 */
final class FlakyFront implements AutoCloseable {
  private final WebClient web;
  private final int behind;
  private final HttpServer front;
  private final AtomicInteger requests = new AtomicInteger();

  FlakyFront(Vertx vertx, int behind) {
    this.web = WebClient.create(vertx);
    this.behind = behind;
    this.front =
        await(vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1"));
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + front.actualPort());
  }

  private void handle(HttpServerRequest request) {
    int number = requests.incrementAndGet();
    if (number % 3 == 0) {
      request
          .response()
          .setStatusCode(number % 2 == 0 ? 429 : 503)
          .putHeader("retry-after", "1")
          .end("{\"message\":\"not now\"}");
      return;
    }
    request
        .body()
        .compose(body -> pass(request, body))
        .onSuccess(answer -> answer(request, answer));
  }

  private Future<HttpResponse<Buffer>> pass(HttpServerRequest request, Buffer body) {
    HttpRequest<Buffer> passed = web.request(request.method(), behind, "127.0.0.1", request.uri());
    passed.putHeaders(request.headers());
    return passed.sendBuffer(body);
  }

  private static void answer(HttpServerRequest request, HttpResponse<Buffer> answer) {
    Buffer body = answer.body();
    request.response().setStatusCode(answer.statusCode());
    request.response().headers().setAll(answer.headers());
    request.response().end(body == null ? Buffer.buffer() : body);
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(front.close());
    web.close();
  }
}
