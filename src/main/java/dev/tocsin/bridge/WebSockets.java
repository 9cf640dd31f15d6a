package dev.tocsin.bridge;

import io.netty.handler.codec.CorruptedFrameException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bridge over WebSockets: raw at {@code /eventbus/websocket}, which any language speaks, and
 * below it as the clients of SockJS in browsers speak it. What SockJS does where there are no
 * WebSockets is left out: browsers have them, and its ways around keep what waits without a bound.
 *
 * @param bridges shared by all instances
 */
public record WebSockets(Bridges bridges) {
  private static final String PATH = "/eventbus";

  /** What SockJS asks for before it connects. Nothing here depends on cookies. */
  private static final String INFO =
      "{\"websocket\":true,\"cookie_needed\":false,\"origins\":[\"*:*\"],\"entropy\":1}";

  /** Adds its routes to an instance of the HTTP server. */
  public void mount(Vertx vertx, Router router) {
    router.get(PATH + "/info").handler(WebSockets::inform);
    router.get(PATH + "/websocket").handler(ctx -> upgrade(vertx, ctx, false));
    router.get(PATH + "/:server/:session/websocket").handler(ctx -> upgrade(vertx, ctx, true));
  }

  /** Most bytes of a message of a client. */
  public int messageBytesMax() {
    return bridges.settings().messageBytesMax();
  }

  /** The page that asks may be anybody's: what it learns is the same for all. */
  private static void inform(RoutingContext ctx) {
    String origin = ctx.request().getHeader(HttpHeaders.ORIGIN);
    if (origin != null) {
      ctx.response()
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin)
          .putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
          .putHeader(HttpHeaders.VARY, HttpHeaders.ORIGIN);
    }
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(INFO);
  }

  private void upgrade(Vertx vertx, RoutingContext ctx, boolean isSockJs) {
    if (!ctx.request().canUpgradeToWebSocket()) {
      ctx.fail(400);
      return;
    }
    ctx.request()
        .toWebSocket()
        .onSuccess(socket -> connect(vertx, socket, isSockJs))
        .onFailure(broken -> ctx.request().connection().close());
  }

  private void connect(Vertx vertx, ServerWebSocket socket, boolean isSockJs) {
    WebSocketWire wire = isSockJs ? new SockJsWire(socket) : new WebSocketWire(socket);
    wire.open();
    Connection connection = bridges.connect(wire, vertx.getOrCreateContext());
    socket
        .textMessageHandler(text -> take(connection, wire, text))
        .binaryMessageHandler(bytes -> connection.take(bytes.getBytes()))
        .exceptionHandler(broken -> end(socket, broken))
        .closeHandler(closed -> connection.ended())
        .shutdownHandler(stopping -> connection.stop());
  }

  /** Of a message that is too long Vert.x says so when its frame is, or all its frames together. */
  private void end(ServerWebSocket socket, Throwable broken) {
    if (broken instanceof CorruptedFrameException || broken instanceof IllegalStateException) {
      bridges.count("frames.refused", Frames.TOO_LONG);
    }
    socket.close();
  }

  private static void take(Connection connection, WebSocketWire wire, String text) {
    for (@Nullable String frame : wire.frames(text)) {
      connection.take(String.valueOf(frame).getBytes(StandardCharsets.UTF_8));
    }
  }
}
