package dev.tocsin.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;

/**
 * How long after its acknowledgement an event arrives at those who subscribed, ten streams of all
 * events, at 1,000 events a second; and how long the acknowledgement takes then.
 */
final class StreamBenchmark {
  private static final int EVENTS_PER_SECOND = 1_000;
  private static final int CONNECTIONS = 64;
  private static final int STREAMS = 10;
  private static final long NOT_COUNTED = Long.MIN_VALUE;
  private static final Duration WARM_UP = Duration.ofSeconds(3);

  private final Bed bed;
  private final Pace pace;
  private final Payloads payloads = new Payloads(System.nanoTime());

  StreamBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    List<Double> ack = new ArrayList<>();
    List<Double> median = new ArrayList<>();
    List<Double> lag = new ArrayList<>();
    for (int run = 0; run < pace.runs(); run++) {
      try (Load load = bed.load(Bed.WITHOUT_RULES, CONNECTIONS)) {
        Run measured = new Run(load);
        measured.await();
        ack.add(measured.acks.getValueAtPercentile(99) / 1e3);
        median.add(measured.lags.getValueAtPercentile(50) / 1e3);
        lag.add(measured.lags.getValueAtPercentile(99) / 1e3);
      }
    }
    return List.of(
        Measurement.of("stream_ack_p99_ms", "ms", ack),
        Measurement.of("stream_lag_p50_ms", "ms", median),
        Measurement.of("stream_lag_p99_ms", "ms", lag));
  }

  /** One run, from the first event until the last one has arrived everywhere. */
  private final class Run {
    private final Load load;
    private final long total = EVENTS_PER_SECOND * WARM_UP.plus(pace.measured()).toMillis() / 1_000;
    private final long counted = EVENTS_PER_SECOND * WARM_UP.toSeconds();
    private final AtomicLong arrived = new AtomicLong();
    private final ConcurrentHashMap<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentHistogram acks = new ConcurrentHistogram(3);
    private final ConcurrentHistogram lags = new ConcurrentHistogram(3);
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile boolean counting;

    Run(Load load) {
      this.load = load;
    }

    void await() throws Exception {
      List<Subscriber> subscribers = new ArrayList<>();
      try {
        for (int i = 0; i < STREAMS; i++) {
          subscribers.add(bed.subscribe(Bed.WITHOUT_RULES, this::came));
        }
        Cadence.begin(bed.vertx(), EVENTS_PER_SECOND, total, this::send);
        done.get(2, TimeUnit.MINUTES);
      } finally {
        subscribers.forEach(Subscriber::close);
      }
    }

    private void send(long number, long due) {
      load.post(payloads.request(1))
          .onSuccess(body -> acknowledged(number, due, body))
          .onFailure(done::completeExceptionally);
    }

    private void acknowledged(long number, long due, Buffer body) {
      long now = System.nanoTime();
      String id =
          new JsonObject(body).getJsonArray("accepted").getJsonObject(0).getString("id");
      if (number >= counted) {
        counting = true;
        acks.recordValue((now - due) / 1_000);
        acknowledged.put(id, now);
      } else {
        acknowledged.put(id, NOT_COUNTED);
      }
    }

    private void came(String id, long nanos) {
      Long since = acknowledged.get(id);
      if (since == null && counting) {
        // It may well overtake its acknowledgement; it then took no time.
        lags.recordValue(0);
      } else if (since != null && since != NOT_COUNTED) {
        lags.recordValue(Math.max(0, nanos - since) / 1_000);
      }
      if (arrived.incrementAndGet() == total * STREAMS) {
        done.complete(null);
      }
    }
  }
}
