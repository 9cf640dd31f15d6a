package dev.tocsin.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.function.BiConsumer;

/** A receiver that costs as little as one can, and notes when each webhook arrived. */
final class Sink {
  private final HttpServer server;
  private volatile BiConsumer<String, Long> listener = (id, nanos) -> {};

  private Sink(Vertx vertx) {
    this.server = vertx.createHttpServer().requestHandler(this::take);
  }

  static Sink listen(Vertx vertx) {
    Sink sink = new Sink(vertx);
    sink.server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    return sink;
  }

  private void take(HttpServerRequest request) {
    long now = System.nanoTime();
    listener.accept(request.getHeader("webhook-id"), now);
    request.response().setStatusCode(204).end();
  }

  /** Tells of each webhook from now on: its id, and the steady nanoseconds when it arrived. */
  void listen(BiConsumer<String, Long> to) {
    listener = to;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/hook");
  }
}
