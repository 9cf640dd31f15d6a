package dev.tocsin.bridge;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;

/** Cuts what comes over TCP into frames: each is preceded by its length, in four bytes. */
final class FrameReader implements Handler<Buffer> {
  private static final int LENGTH_BYTES = 4;

  private final Connection connection;
  private final int bytesMax;
  private final RecordParser parser = RecordParser.newFixed(LENGTH_BYTES);
  private boolean inFrame;
  private boolean lost;

  FrameReader(Connection connection, int bytesMax) {
    this.connection = connection;
    this.bytesMax = bytesMax;
    parser.handler(this::part);
  }

  @Override
  public void handle(Buffer bytes) {
    if (!lost) {
      parser.handle(bytes);
    }
  }

  private void part(Buffer part) {
    if (lost) {
      return;
    }
    if (inFrame) {
      inFrame = false;
      parser.fixedSizeMode(LENGTH_BYTES);
      connection.take(part.getBytes());
      return;
    }
    int length = part.getInt(0);
    if (length < 1 || length > bytesMax) {
      lost = true;
      connection.takeTooLong(length);
    } else {
      inFrame = true;
      parser.fixedSizeMode(length);
    }
  }
}
