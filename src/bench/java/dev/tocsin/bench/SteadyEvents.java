package dev.tocsin.bench;

import dev.tocsin.process.ApiClient.Account;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.jspecify.annotations.Nullable;

/**
 * A thousand events a second, one a request, by the clock: how long each waits for its
 * acknowledgement counts from when it was due. Those of the warm-up do not count.
 */
final class SteadyEvents implements AutoCloseable {
  static final int PER_SECOND = 1_000;

  private static final int CONNECTIONS = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Vertx vertx;
  private final Load load;
  private final Payloads payloads = new Payloads(System.nanoTime());
  private final long warm = PER_SECOND * WARM_UP.toSeconds();
  private final long total;
  private final ConcurrentHistogram acks = new ConcurrentHistogram(3);
  private final AtomicLong answered = new AtomicLong();
  private final CompletableFuture<Void> measuring = new CompletableFuture<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();

  /** Told of each acknowledgement. */
  @FunctionalInterface
  interface Acknowledged {
    /**
     * Takes one.
     *
     * @param accepted what the answer says of the event
     * @param nanos when it came, in steady nanoseconds
     * @param counts whether the warm-up is over
     */
    void take(JsonObject accepted, long nanos, boolean counts);
  }

  /** Events of an organization, for so long once it is warm. */
  SteadyEvents(Bed bed, Account account, Duration measured)
      throws IOException, InterruptedException {
    this.vertx = bed.vertx();
    this.load = bed.load(account, CONNECTIONS);
    this.total = warm + PER_SECOND * measured.toSeconds();
  }

  /** Begins to send them. */
  void begin(@Nullable Acknowledged told) {
    Cadence.begin(vertx, PER_SECOND, total, (number, due) -> {
      if (number == warm) {
        measuring.complete(null);
      }
      load.post(payloads.request(1))
          .onSuccess(body -> acknowledged(number, due, body, told))
          .onFailure(done::completeExceptionally);
    });
  }

  private void acknowledged(long number, long due, Buffer body, @Nullable Acknowledged told) {
    long now = System.nanoTime();
    boolean counts = number >= warm;
    if (counts) {
      acks.recordValue((now - due) / 1_000);
    }
    if (told != null) {
      told.take(new JsonObject(body).getJsonArray("accepted").getJsonObject(0), now, counts);
    }
    if (answered.incrementAndGet() == total) {
      done.complete(null);
    }
  }

  /** How many there are, the warm-up included. */
  long total() {
    return total;
  }

  /** Completes when the warm-up is over. */
  CompletableFuture<Void> measuring() {
    return measuring;
  }

  /** Completes when all are acknowledged, or with what went wrong. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** How long a share of them waited at most, in milliseconds. */
  double ackMillis(double percentile) {
    return acks.getValueAtPercentile(percentile) / 1e3;
  }

  @Override
  public void close() {
    load.close();
  }
}
