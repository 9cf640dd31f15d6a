package dev.tocsin.bench;

import dev.tocsin.process.ApiClient.Account;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How many events a second are acknowledged over HTTP, beside what PostgreSQL itself can store: with
 * a hundred rules and without any, in batches of a hundred and one a request. The runs of all
 * take turns, so that a slow minute of the machine is everybody's.
 */
final class IngestBenchmark {
  private static final int BATCH = 100;
  private static final int BATCH_CONNECTIONS = 16;
  private static final int SINGLE_CONNECTIONS = 64;

  private final Bed bed;
  private final Pace pace;
  private final Payloads payloads = new Payloads(System.nanoTime());
  private final Map<String, List<Double>> figures = new TreeMap<>();

  IngestBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    // The first run of each warms code and database, and does not count.
    for (int run = 0; run <= pace.runs(); run++) {
      if (run == 1) {
        figures.clear();
      }
      note("raw", bed.raw().unnest(2, pace.measured()));
      note("raw_single", bed.raw().single(SINGLE_CONNECTIONS / 2, pace.measured()));
      post("batch", Bed.WITH_RULES, BATCH_CONNECTIONS, BATCH);
      // What comes later finds more log to be written out; so each comes before the other once.
      post("batch_0", Bed.WITHOUT_RULES, BATCH_CONNECTIONS, BATCH);
      post("batch_armed", Bed.SCHEDULED, BATCH_CONNECTIONS, BATCH);
      post("batch_armed", Bed.SCHEDULED, BATCH_CONNECTIONS, BATCH);
      post("batch_0", Bed.WITHOUT_RULES, BATCH_CONNECTIONS, BATCH);
      post("single", Bed.WITH_RULES, SINGLE_CONNECTIONS, 1);
      post("single_0", Bed.WITHOUT_RULES, SINGLE_CONNECTIONS, 1);
    }
    double raw = Measurement.of("", "", of("raw")).value();
    double unarmed = Measurement.of("", "", of("batch_0")).value();
    double single = Measurement.of("", "", of("raw_single")).value();
    return List.of(
        Measurement.of("ingest_batch", "events/s", of("batch"), raw),
        Measurement.of("ingest_batch_0", "events/s", of("batch_0"), raw),
        Measurement.of("ingest_batch_armed", "events/s", of("batch_armed"), unarmed),
        Measurement.of("ingest_single", "events/s", of("single"), single),
        Measurement.of("ingest_single_0", "events/s", of("single_0"), single),
        Measurement.of("ingest_single_p50_ms", "ms", of("single_p50")),
        Measurement.of("ingest_single_p99_ms", "ms", of("single_p99")),
        Measurement.of("ingest_batch_p50_ms", "ms", of("batch_p50")),
        Measurement.of("ingest_batch_p99_ms", "ms", of("batch_p99")),
        Measurement.of("raw_unnest_rows_s", "rows/s", of("raw")),
        Measurement.of("raw_single_rows_s", "rows/s", of("raw_single")));
  }

  private void post(String name, Account account, int connections, int eventsEach)
      throws IOException, InterruptedException {
    try (Load load = bed.load(account, connections)) {
      Load.Outcome outcome =
          load.run(
              Duration.ofSeconds(1), pace.measured(), eventsEach, () -> payloads.request(eventsEach));
      note(name, outcome.eventsPerSecond());
      note(name + "_p50", outcome.latency().getValueAtPercentile(50) / 1e3);
      note(name + "_p99", outcome.latency().getValueAtPercentile(99) / 1e3);
    }
  }

  private void note(String name, double figure) {
    figures.computeIfAbsent(name, key -> new ArrayList<>()).add(figure);
    System.err.printf("  %-14s %10.1f%n", name, figure);
  }

  private List<Double> of(String name) {
    return figures.getOrDefault(name, List.of());
  }
}
