package dev.tocsin.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long after its acknowledgement an event arrives at those who subscribed, ten streams of all
 * events, at 1,000 events a second; and how long the acknowledgement takes then.
 */
final class StreamBenchmark {
  private static final int STREAMS = 10;

  private final Bed bed;
  private final Pace pace;

  StreamBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    List<Double> ack = new ArrayList<>();
    List<Double> median = new ArrayList<>();
    List<Double> lag = new ArrayList<>();
    for (int run = 0; run < pace.runs(); run++) {
      List<Subscriber> subscribers = new ArrayList<>();
      try (SteadyEvents events = new SteadyEvents(bed, Bed.WITHOUT_RULES, pace.measured())) {
        Arrivals arrivals = new Arrivals(events.total() * STREAMS);
        for (int i = 0; i < STREAMS; i++) {
          subscribers.add(bed.subscribe(Bed.WITHOUT_RULES, arrivals::came));
        }
        events.begin((accepted, nanos, counts) ->
            arrivals.acknowledged(accepted.getString("id"), nanos, counts));
        events.done().get(2, TimeUnit.MINUTES);
        arrivals.done().get(2, TimeUnit.MINUTES);
        ack.add(events.ackMillis(99));
        median.add(arrivals.lagMillis(50));
        lag.add(arrivals.lagMillis(99));
      } finally {
        subscribers.forEach(Subscriber::close);
      }
    }
    return List.of(
        Measurement.of("stream_ack_p99_ms", "ms", ack),
        Measurement.of("stream_lag_p50_ms", "ms", median),
        Measurement.of("stream_lag_p99_ms", "ms", lag));
  }
}
