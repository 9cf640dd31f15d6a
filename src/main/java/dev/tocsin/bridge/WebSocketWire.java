package dev.tocsin.bridge;

import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.util.List;

/** Frames over a WebSocket: each is a message of its own. */
class WebSocketWire implements Wire {
  private final ServerWebSocket socket;

  WebSocketWire(ServerWebSocket socket) {
    this.socket = socket;
  }

  /** Greets the client, if that is usual. */
  void open() {}

  /** The frames that a message of the client brings. */
  List<String> frames(String message) {
    return List.of(message);
  }

  @Override
  public String messageType() {
    return "rec";
  }

  @Override
  public Future<Void> write(String json) {
    return socket.writeTextMessage(json);
  }

  @Override
  public final void close() {
    socket.close();
  }

  @Override
  public final void cut() {
    if (socket instanceof WebSocketInternal internal) {
      var _ = internal.channelHandlerContext().close();
    }
  }
}
