package dev.tocsin.webhook;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.codec.spi.BodyStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the web client reads an answer's body into: keeps its beginning, counts the rest, and says
 * when there was too much of it.
 */
final class AnswerBody implements BodyStream<String> {
  private final SenderSettings settings;
  private final Runnable tooLong;
  private final Buffer kept = Buffer.buffer();
  private int received;

  /**
   * Nothing yet.
   *
   * @param tooLong called with whatever comes after the bytes that are read at most
   */
  AnswerBody(SenderSettings settings, Runnable tooLong) {
    this.settings = settings;
    this.tooLong = tooLong;
  }

  /** What is kept so far; there may be more to come. */
  String text() {
    return kept.toString(StandardCharsets.UTF_8);
  }

  @Override
  public Future<Void> write(Buffer chunk) {
    int wanted = Math.min(settings.keptResponseBytes() - kept.length(), chunk.length());
    kept.appendBuffer(chunk, 0, Math.max(0, wanted));
    received += chunk.length();
    if (received > settings.responseBytesMax()) {
      tooLong.run();
    }
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> end() {
    return Future.succeededFuture();
  }

  @Override
  public Future<String> result() {
    return Future.succeededFuture(text());
  }

  /** Memory is never full: what is not kept is gone at once. */
  @Override
  public boolean writeQueueFull() {
    return false;
  }

  @Override
  public AnswerBody setWriteQueueMaxSize(int size) {
    return this;
  }

  @Override
  public AnswerBody drainHandler(@Nullable Handler<Void> handler) {
    return this;
  }

  @Override
  public AnswerBody exceptionHandler(@Nullable Handler<Throwable> handler) {
    return this;
  }

  /** A failure is heard of where the request was made. */
  @Override
  public void handle(Throwable failure) {}
}
