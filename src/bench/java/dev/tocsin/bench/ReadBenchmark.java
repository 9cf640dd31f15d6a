package dev.tocsin.bench;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What reading costs: tokens, which clients ask for before each call, and the first page of a list
 * with each filter over four weeks of events.
 */
final class ReadBenchmark {
  private static final int TOKEN_CONNECTIONS = 64;
  private static final Buffer TOKEN_REQUEST =
      Buffer.buffer("{\"grant_type\":\"client_credentials\"}");

  private final Bed bed;
  private final Pace pace;

  ReadBenchmark(Bed bed, Pace pace) {
    this.bed = bed;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    List<Measurement> results = new ArrayList<>(tokens());
    History history = bed.history();
    history.write(Bed.EVERY_EVENT_FIRES, bed.ruleThatAlwaysFires(), pace.history());
    double worst = 0;
    for (Map.Entry<String, String> list : lists(history).entrySet()) {
      Measurement measured = list(list.getKey(), list.getValue());
      worst = Math.max(worst, measured.value());
      results.add(measured);
    }
    results.add(Measurement.of("list_first_page_p99_ms", "ms", List.of(worst)));
    return results;
  }

  private List<Measurement> tokens() {
    List<Double> rates = new ArrayList<>();
    List<Double> latencies = new ArrayList<>();
    for (int run = 0; run < pace.runs(); run++) {
      try (Load load = bed.tokens(Bed.WITHOUT_RULES, TOKEN_CONNECTIONS)) {
        Load.Outcome outcome =
            load.run(Duration.ofSeconds(1), pace.measured(), 1, () -> TOKEN_REQUEST);
        rates.add(outcome.eventsPerSecond());
        latencies.add(outcome.latency().getValueAtPercentile(99) / 1e3);
      }
    }
    return List.of(
        Measurement.of("token_s", "tokens/s", rates),
        Measurement.of("token_p99_ms", "ms", latencies));
  }

  /** One call after the other: what counts is how long one takes, not how many there may be. */
  private Measurement list(String name, String query) throws Exception {
    List<Double> latencies = new ArrayList<>();
    double median = 0;
    for (int run = 0; run < pace.runs(); run++) {
      try (Load load =
          bed.load(Bed.EVERY_EVENT_FIRES, HttpMethod.GET, "events?pageSize=100" + query, 1)) {
        Load.Outcome outcome =
            load.run(
                Duration.ofMillis(500), pace.measured().dividedBy(5), 1, Buffer::buffer);
        latencies.add(outcome.latency().getValueAtPercentile(99) / 1e3);
        median = outcome.latency().getValueAtPercentile(50) / 1e3;
      }
    }
    Measurement measured = Measurement.of("list_" + name + "_p99_ms", "ms", latencies);
    System.err.printf("  %-28s %8.2f, median %.2f%n", measured.id(), measured.value(), median);
    return measured;
  }

  private Map<String, String> lists(History history) throws Exception {
    Instant twoWeeksAgo = Instant.now().minus(Duration.ofDays(14));
    Map<String, String> lists = new LinkedHashMap<>();
    lists.put("all", "");
    lists.put("name_often", "&eventName=configuration.e0.updated");
    lists.put("name_less", "&eventName=configuration.e30.updated");
    lists.put("name_rare", "&eventName=rare.event");
    lists.put("type_often", "&eventType=ConfigurationEvent");
    lists.put("type_less", "&eventType=BillingEvent");
    lists.put("type_never", "&eventType=DataExportJobFailure");
    lists.put("account_busy", "&accountId=a-0");
    lists.put("account_quiet", "&accountId=a-9999");
    lists.put("account_rare", "&accountId=rare");
    lists.put("account_none", "&accountId=nobody");
    lists.put("resource_busy", "&resourceId=r-0");
    lists.put("resource_quiet", "&resourceId=r-49999");
    lists.put("resource_rare", "&resourceId=rare");
    lists.put("account_and_name", "&accountId=a-9999&eventName=configuration.e30.updated");
    lists.put("busy_and_name", "&accountId=a-0&eventName=configuration.e30.updated");
    lists.put("busy_and_type", "&accountId=a-0&eventType=ConfigurationEvent");
    lists.put("busy_and_less", "&accountId=a-0&eventType=BillingEvent");
    lists.put("open", "&includeActioned=false");
    lists.put("rule", "&notificationCode=always");
    lists.put("rule_and_account", "&notificationCode=always&accountId=a-9999");
    lists.put("rule_and_busy", "&notificationCode=always&accountId=a-0");
    lists.put("rule_and_name", "&notificationCode=always&eventName=configuration.e30.updated");
    lists.put("rule_and_resource", "&notificationCode=always&resourceId=r-0");
    lists.put("ids", "&ids=" + String.join(",", history.some(Bed.EVERY_EVENT_FIRES, 100)));
    lists.put("period", "&from=" + twoWeeksAgo + "&to=" + twoWeeksAgo.plusSeconds(3_600));
    lists.put(
        "period_and_account",
        "&accountId=a-9999&from=" + twoWeeksAgo.minus(Duration.ofDays(7)) + "&to=" + twoWeeksAgo);
    return lists;
  }
}
