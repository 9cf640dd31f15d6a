package dev.tocsin.api;

import dev.tocsin.event.StoredEvent;
import dev.tocsin.stream.End;
import dev.tocsin.stream.Sight;
import dev.tocsin.stream.Streams;
import dev.tocsin.stream.Subscriber;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.RoutingContext;

/**
 * One client of the event stream, from the headers on. It holds no more than its buffer: events for
 * which there is no room are not taken, and come again when there is. A client that takes nothing
 * of what waits for it for a while is cut off; it resumes after the last event it got.
 *
 * <p>Thread-safe; it writes on the connection's own context.
 */
final class EventStream implements Subscriber {
  private static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
  private static final Buffer KEEP_ALIVE = Buffer.buffer(":\n\n");

  private final RoutingContext ctx;
  private final HttpServerResponse response;
  private final Context context;
  private final StreamForm form;
  private final Interest interest;
  private final EventFrames frames;
  private final StreamRights rights;
  private final Runnable stalled;
  private final StreamBuffer buffer;

  /**
   * A stream that has not begun.
   *
   * @param rights of its client, as they stand
   * @param stalled told when the client is cut off since he takes nothing
   */
  EventStream(
      RoutingContext ctx,
      StreamForm form,
      Interest interest,
      EventFrames frames,
      StreamRights rights,
      Runnable stalled) {
    this.ctx = ctx;
    this.response = ctx.response();
    this.context = ctx.vertx().getOrCreateContext();
    this.form = form;
    this.interest = interest;
    this.frames = frames;
    this.rights = rights;
    this.stalled = stalled;
    this.buffer = new StreamBuffer(form.bufferBytesMax());
  }

  /** Sends the headers, and then events; called on the connection's context. */
  void begin(Streams.Beginning beginning) {
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("x-accel-buffering", "no")
        .putHeader("x-content-type-options", "nosniff");
    send(Buffer.buffer("retry: " + form.retry().toMillis() + "\n\n"));
    Runnable leave = beginning.follow(this);
    ctx.vertx().setPeriodic(form.keepAliveEvery().toMillis(), this::look);
    ctx.addEndHandler(endedOrGone -> leave.run());
  }

  /** Looks after the client until it has got the last word, or is gone. */
  private void look(long timer) {
    boolean isStalled = buffer.isStalled();
    boolean isIdle = buffer.isIdle();
    if (response.closed() || (response.ended() && isIdle)) {
      ctx.vertx().cancelTimer(timer);
    } else if (isStalled) {
      stalled.run();
      cut();
    } else if (isIdle) {
      send(KEEP_ALIVE);
    }
  }

  @Override
  public Sight sight() {
    return rights.sight();
  }

  @Override
  public boolean wants(StoredEvent event) {
    return interest.includes(event);
  }

  @Override
  public boolean take(StoredEvent event) {
    Buffer frame = frames.of(event);
    if (!buffer.take(frame.length())) {
      return false;
    }
    context.runOnContext(nothing -> write(frame));
    return true;
  }

  @Override
  public void whenRoom(Runnable work) {
    buffer.whenRoom(work);
  }

  private void send(Buffer frame) {
    buffer.add(frame.length());
    write(frame);
  }

  private void write(Buffer frame) {
    if (response.ended() || response.closed()) {
      buffer.taken(frame.length());
    } else {
      response.write(frame).onComplete(done -> buffer.taken(frame.length()));
    }
  }

  @Override
  public void end(End why) {
    context.runOnContext(nothing -> {
      switch (why) {
        case RIGHTS_LOST -> end(rights.lost());
        case STOPPING -> stop();
      }
    });
  }

  /** A server that stops does not wait for what waits for its clients. */
  private void stop() {
    if (buffer.isIdle()) {
      end(ApiError.stopping(form.retry()));
    } else {
      cut();
    }
  }

  private void end(ApiError reason) {
    if (!response.ended() && !response.closed()) {
      Buffer frame = EventFrames.end(reason);
      buffer.add(frame.length());
      response.end(frame).onComplete(done -> buffer.taken(frame.length()));
    }
  }

  /** Closes the channel itself: the connection would first send what waits, which nobody takes. */
  private void cut() {
    if (ctx.request().connection() instanceof HttpServerConnection connection) {
      var _ = connection.channelHandlerContext().close();
    }
  }
}
