package dev.tocsin.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Sends requests over so many connections, each of which sends its next one when the last was
 * answered. Any answer but 200 ends the run.
 */
final class Load implements AutoCloseable {
  private final HttpClient client;
  private final RequestOptions options;
  private final int connections;

  /**
   * What a run came to.
   *
   * @param eventsPerSecond acknowledged within the measured time
   * @param latency of requests, in microseconds
   */
  record Outcome(double eventsPerSecond, Histogram latency) {}

  /** Requests of one kind, over so many connections. */
  Load(Vertx vertx, HttpMethod method, URI address, String authorization, int connections) {
    this.connections = connections;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(connections));
    this.options =
        new RequestOptions()
            .setMethod(method)
            .setAbsoluteURI(address.toString())
            .putHeader("authorization", authorization)
            .putHeader("content-type", "application/json");
  }

  /** Runs for the warm-up, which does not count, and then for the measured time. */
  Outcome run(Duration warmUp, Duration measured, int eventsEach, Supplier<Buffer> requests) {
    long begin = System.nanoTime() + warmUp.toNanos();
    long end = begin + measured.toNanos();
    ConcurrentHistogram latency = new ConcurrentHistogram(3);
    AtomicLong events = new AtomicLong();
    CompletableFuture<?>[] loops = new CompletableFuture<?>[connections];
    for (int i = 0; i < connections; i++) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      loops[i] = done;
      loop(
          end,
          requests,
          (started, finished) -> {
            if (finished >= begin && finished < end) {
              latency.recordValue((finished - started) / 1_000);
              events.addAndGet(eventsEach);
            }
          },
          done);
    }
    CompletableFuture.allOf(loops).join();
    return new Outcome(events.get() / (measured.toNanos() / 1e9), latency);
  }

  private interface Answered {
    void at(long started, long finished);
  }

  private void loop(
      long end, Supplier<Buffer> requests, Answered answered, CompletableFuture<Void> done) {
    long started = System.nanoTime();
    if (started >= end) {
      done.complete(null);
      return;
    }
    post(requests.get())
        .onSuccess(body -> {
          answered.at(started, System.nanoTime());
          loop(end, requests, answered, done);
        })
        .onFailure(done::completeExceptionally);
  }

  /** Sends one request, and answers the body of its 200. */
  Future<Buffer> post(Buffer body) {
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(response ->
            response
                .body()
                .compose(text ->
                    response.statusCode() == 200
                        ? Future.succeededFuture(text)
                        : Future.failedFuture(response.statusCode() + " " + text)));
  }

  @Override
  public void close() {
    client.close().toCompletionStage().toCompletableFuture().join();
  }
}
