package dev.tocsin.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How long a client waits for its acknowledgement, and how long after that the webhook arrives, at
 * 1,000 events a second, each of which sends one.
 */
final class LatencyBenchmark {
  private final Bed bed;
  private final Pace pace;

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
      try (SteadyEvents events = new SteadyEvents(bed, Bed.EVERY_EVENT_FIRES, pace.measured())) {
        Arrivals webhooks = new Arrivals(events.total());
        bed.sink().listen(webhooks::came);
        events.begin((accepted, nanos, counts) ->
            webhooks.acknowledged(
                accepted.getJsonArray("notifications").getJsonObject(0).getString("id"),
                nanos,
                counts));
        events.done().get(2, TimeUnit.MINUTES);
        webhooks.done().get(2, TimeUnit.MINUTES);
        bed.sink().listen((id, nanos) -> {});
        ackMedian.add(events.ackMillis(50));
        ack.add(events.ackMillis(99));
        webhookMedian.add(webhooks.lagMillis(50));
        webhook.add(webhooks.lagMillis(99));
      }
    }
    return List.of(
        Measurement.of("ack_p50_ms", "ms", ackMedian),
        Measurement.of("ack_p99_ms", "ms", ack),
        Measurement.of("webhook_p50_ms", "ms", webhookMedian),
        Measurement.of("webhook_p99_ms", "ms", webhook));
  }
}
