package dev.tocsin.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long a client waits for its acknowledgement, and how long after that the webhook arrives, at
 * 1,000 events a second, each of which sends one. Events are sent by the clock whether or not the
 * last was answered, and latency counts from when an event was due, so that a stall shows.
 */
final class LatencyBenchmark {
  private static final int EVENTS_PER_SECOND = 1_000;
  private static final int CONNECTIONS = 64;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Bed bed;
  private final Pace pace;
  private final Payloads payloads = new Payloads(System.nanoTime());

  LatencyBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    List<Double> ackMedian = new ArrayList<>();
    List<Double> ack = new ArrayList<>();
    List<Double> webhookMedian = new ArrayList<>();
    List<Double> webhook = new ArrayList<>();
    for (int run = 0; run < pace.runs(); run++) {
      try (Load load = bed.load(Bed.EVERY_EVENT_FIRES, CONNECTIONS)) {
        Run measured = new Run(load);
        measured.await();
        ackMedian.add(measured.acks.getValueAtPercentile(50) / 1e3);
        ack.add(measured.acks.getValueAtPercentile(99) / 1e3);
        webhookMedian.add(measured.webhooks.getValueAtPercentile(50) / 1e3);
        webhook.add(measured.webhooks.getValueAtPercentile(99) / 1e3);
      }
    }
    return List.of(
        Measurement.of("ack_p50_ms", "ms", ackMedian),
        Measurement.of("ack_p99_ms", "ms", ack),
        Measurement.of("webhook_p50_ms", "ms", webhookMedian),
        Measurement.of("webhook_p99_ms", "ms", webhook));
  }

  /** One run, from the first event to the last webhook. */
  private final class Run {
    private final Load load;
    private final long total = EVENTS_PER_SECOND * WARM_UP.plus(pace.measured()).toMillis() / 1_000;
    private final long counted = EVENTS_PER_SECOND * WARM_UP.toSeconds();
    private final AtomicLong arrived = new AtomicLong();
    private final ConcurrentHashMap<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Long> came = new ConcurrentHashMap<>();
    private final ConcurrentHistogram acks = new ConcurrentHistogram(3);
    private final ConcurrentHistogram webhooks = new ConcurrentHistogram(3);
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    Run(Load load) {
      this.load = load;
    }

    void await() throws Exception {
      bed.sink().listen(this::came);
      Cadence.begin(bed.vertx(), EVENTS_PER_SECOND, total, this::send);
      done.get(2, TimeUnit.MINUTES);
      bed.sink().listen((id, nanos) -> {});
    }

    private void send(long number, long due) {
      load.post(payloads.request(1))
          .onSuccess(body -> acknowledged(number, due, body))
          .onFailure(done::completeExceptionally);
    }

    private void acknowledged(long number, long due, Buffer body) {
      long now = System.nanoTime();
      String id =
          new JsonObject(body)
              .getJsonArray("accepted")
              .getJsonObject(0)
              .getJsonArray("notifications")
              .getJsonObject(0)
              .getString("id");
      if (number >= counted) {
        acks.recordValue((now - due) / 1_000);
        acknowledged.put(id, now);
        match(id);
      }
    }

    private void came(String id, long nanos) {
      came.put(id, nanos);
      match(id);
      if (arrived.incrementAndGet() == total) {
        done.complete(null);
      }
    }

    /** A webhook may well overtake its acknowledgement; it then took no time. */
    private void match(String id) {
      Long acknowledgement = acknowledged.get(id);
      Long arrival = came.get(id);
      if (acknowledgement != null && arrival != null && acknowledged.remove(id, acknowledgement)) {
        webhooks.recordValue(Math.max(0, arrival - acknowledgement) / 1_000);
      }
    }
  }
}
