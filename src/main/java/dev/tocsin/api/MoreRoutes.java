package dev.tocsin.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.Objects;
import java.util.function.BiConsumer;

/**
 * What is served on the port of HTTP beside the API.
 *
 * @param routes adds its routes, for one instance
 * @param webSocketBytesMax most bytes of a message over a WebSocket
 */
public record MoreRoutes(BiConsumer<Vertx, Router> routes, int webSocketBytesMax) {
  public MoreRoutes {
    Objects.requireNonNull(routes);
  }

  void mount(Vertx vertx, Router router, HttpServerOptions options) {
    options
        .setMaxWebSocketFrameSize(webSocketBytesMax)
        .setMaxWebSocketMessageSize(webSocketBytesMax);
    routes.accept(vertx, router);
  }
}
