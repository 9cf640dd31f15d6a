package dev.tocsin.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Passes a message to consumers of the same process as it is; it never goes over a wire. */
record SameInstanceCodec<M extends BusMessage>(Class<M> type) implements MessageCodec<M, M> {
  @Override
  public void encodeToWire(Buffer buffer, M message) {
    throw new IllegalStateException(type.getName() + " does not leave the process");
  }

  @Override
  public M decodeFromWire(int position, Buffer buffer) {
    throw new IllegalStateException(type.getName() + " does not come from another process");
  }

  @Override
  public M transform(M message) {
    return message;
  }

  @Override
  public String name() {
    return type.getName();
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
