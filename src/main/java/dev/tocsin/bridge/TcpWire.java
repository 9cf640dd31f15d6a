package dev.tocsin.bridge;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;

/** Frames over TCP: the length in four bytes, then the text. */
record TcpWire(NetSocket socket) implements Wire {
  @Override
  public String messageType() {
    return "message";
  }

  @Override
  public Future<Void> write(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    return socket.write(
        Buffer.buffer(Integer.BYTES + text.length).appendInt(text.length).appendBytes(text));
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public void cut() {
    if (socket instanceof NetSocketInternal internal) {
      var _ = internal.channelHandlerContext().close();
    }
  }
}
