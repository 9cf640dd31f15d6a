package dev.tocsin.stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A client of an event stream that reads it as the standard says. */
public final class SseClient implements AutoCloseable {
  private final HttpClient client;
  private final LinkedBlockingQueue<Frame> frames = new LinkedBlockingQueue<>();
  private final LinkedBlockingQueue<String> comments = new LinkedBlockingQueue<>();
  private final Promise<Void> ended = Promise.promise();
  private final HttpClientResponse response;
  private Buffer unread = Buffer.buffer();

  /**
   * What is dispatched at an empty line.
   *
   * @param id of this frame itself; null when it has none
   */
  public record Frame(@Nullable String id, @Nullable String event, String data) {}

  private SseClient(Vertx vertx, RequestOptions request, boolean paused) {
    this.client = vertx.createHttpClient(new HttpClientOptions().setReceiveBufferSize(32 << 10));
    // On one context, or the answer could have ended before anybody listens.
    Promise<HttpClientResponse> got = Promise.promise();
    vertx.runOnContext(nothing ->
        client
            .request(request)
            .compose(made -> made.send())
            .map(answer -> listen(answer, paused))
            .onComplete(got::handle));
    this.response = await(got.future());
  }

  /**
   * Asks for a stream.
   *
   * @param headers beside the token
   */
  public static SseClient open(
      Vertx vertx, int port, String path, String token, Map<String, String> headers) {
    return new SseClient(vertx, request(port, path, token, headers), false);
  }

  /** Asks for one, and reads nothing of it until {@link #read} is called. */
  public static SseClient openUnread(Vertx vertx, int port, String path, String token) {
    return new SseClient(vertx, request(port, path, token, Map.of()), true);
  }

  private static RequestOptions request(
      int port, String path, String token, Map<String, String> headers) {
    RequestOptions request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI(path)
            .putHeader("Authorization", "Bearer " + token);
    headers.forEach(request::putHeader);
    return request;
  }

  private HttpClientResponse listen(HttpClientResponse got, boolean paused) {
    got.exceptionHandler(cut -> ended.tryComplete());
    got.endHandler(nothing -> ended.tryComplete());
    got.handler(this::take);
    if (paused) {
      got.pause();
    }
    return got;
  }

  /** Reads on. */
  public void read() {
    response.resume();
  }

  private synchronized void take(Buffer chunk) {
    unread.appendBuffer(chunk);
    String text = unread.toString(StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("\n\n");
    if (end >= 0) {
      Buffer whole = unread.getBuffer(0, end + 2);
      unread = unread.getBuffer(end + 2, unread.length());
      for (String block : whole.toString().split("\n\n", -1)) {
        if (!block.isEmpty()) {
          dispatch(block);
        }
      }
    }
  }

  private void dispatch(String block) {
    @Nullable String id = null;
    @Nullable String event = null;
    List<String> data = new ArrayList<>();
    for (String line : block.split("\n", -1)) {
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
      switch (field) {
        case "" -> comments.add(value);
        case "id" -> id = value;
        case "event" -> event = value;
        case "data" -> data.add(value);
        default -> comments.add(line);
      }
    }
    if (!data.isEmpty()) {
      frames.add(new Frame(id, event, String.join("\n", data)));
    }
  }

  public int status() {
    return response.statusCode();
  }

  public @Nullable String header(String name) {
    return response.getHeader(name);
  }

  /** The next frame; waits for it. */
  public Frame next() {
    return next(frames);
  }

  /** The next comment, or field that is none of a frame; waits for it. */
  public String nextComment() {
    return next(comments);
  }

  private static <T> T next(LinkedBlockingQueue<T> queue) {
    try {
      T next = queue.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came");
      }
      return next;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ids of the next frames; waits for as many. */
  public List<@Nullable String> nextIds(int count) {
    List<@Nullable String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(next().id());
    }
    return ids;
  }

  /** Waits until the server has ended or cut the stream; answers the frames not yet taken. */
  public List<Frame> rest() {
    await(ended.future());
    List<Frame> rest = new ArrayList<>();
    frames.drainTo(rest);
    return rest;
  }

  /** All of an answer that is no stream. */
  public String body() {
    await(ended.future());
    return unread.toString();
  }

  @Override
  public void close() {
    await(client.close());
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
