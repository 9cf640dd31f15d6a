package dev.tocsin.bench;

import dev.tocsin.process.ApiClient;
import dev.tocsin.process.NodePlans;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.EmbeddedPostgres;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * How many events a second one node and two nodes of a cluster acknowledge over the same
 * PostgreSQL, and whose processor time they take: with everything on one machine, two nodes can
 * only be faster by what one leaves idle.
 */
final class NodesBenchmark {
  private static final int BATCH = 100;
  private static final int CONNECTIONS = 16;
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration WARM_UP = Duration.ofSeconds(2);

  private final Path home;
  private final Pace pace;
  private final Payloads payloads = new Payloads(System.nanoTime());
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, List<Double>> figures = new TreeMap<>();

  NodesBenchmark(Path home, Pace pace) {
    this.home = home;
    this.pace = pace;
  }

  List<Measurement> run() throws Exception {
    List<ServerProcess> nodes = new ArrayList<>();
    try (EmbeddedPostgres postgres = NodePlans.postgres(home.resolve("postgresql"), 2)) {
      String uri = NodePlans.uri(postgres.address());
      Path conf = Bed.declare(home);
      for (var plan :
          NodePlans.of(Path.of("target/tocsin.jar"), home, uri, List.of("one", "two"))) {
        nodes.add(ServerProcess.start(plan.with("TOCSIN_CONF", conf.toString()), READY_WITHIN));
      }
      Bed.makeRules(nodes.getFirst().address(), Sink.listen(vertx));
      measure(nodes);
      reload(nodes, new FileReload(conf, nodes));
    } finally {
      for (ServerProcess node : nodes) {
        node.close();
      }
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
    double one = Measurement.of("", "", of("one")).value();
    List<Measurement> results = new ArrayList<>();
    results.add(Measurement.of("nodes_one", "events/s", of("one")));
    results.add(Measurement.of("nodes_two", "events/s", of("two"), one));
    results.add(Measurement.of("nodes_reload_ms", "ms", of("reload")));
    double slowest = of("reload").stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    results.add(Measurement.of("nodes_reload_max_ms", "ms", List.of(slowest)));
    figures.forEach((name, runs) -> {
      if (name.contains("_us_")) {
        results.add(Measurement.of("nodes_" + name, "us", runs));
      }
    });
    return results;
  }

  /** One node and two take turns; the first run of each warms up, and does not count. */
  private void measure(List<ServerProcess> nodes) throws Exception {
    for (int run = 0; run <= pace.runs(); run++) {
      if (run == 1) {
        figures.clear();
      }
      load("one", nodes, nodes.subList(run % 2, run % 2 + 1));
      load("two", nodes, nodes);
    }
  }

  /** Files change while both nodes have all the events they can take. */
  private void reload(List<ServerProcess> nodes, FileReload file) throws Exception {
    try (Load first = load(nodes.getFirst(), CONNECTIONS / 2);
        Load second = load(nodes.getLast(), CONNECTIONS / 2)) {
      List<CompletableFuture<Double>> loads =
          List.of(first, second).stream()
              .map(load -> CompletableFuture.supplyAsync(() -> run(load)))
              .toList();
      while (loads.stream().noneMatch(CompletableFuture::isDone)) {
        note("reload", file.run());
      }
      loads.forEach(CompletableFuture::join);
    }
  }

  private void load(String name, List<ServerProcess> all, List<ServerProcess> loaded)
      throws Exception {
    List<Load> loads = new ArrayList<>();
    try {
      for (ServerProcess node : loaded) {
        loads.add(load(node, CONNECTIONS / loaded.size()));
      }
      Processors before = Processors.read(all);
      List<CompletableFuture<Double>> runs =
          loads.stream().map(load -> CompletableFuture.supplyAsync(() -> run(load))).toList();
      double rate = runs.stream().mapToDouble(CompletableFuture::join).sum();
      Processors after = Processors.read(all);
      double seconds = WARM_UP.plus(pace.measured()).toNanos() / 1e9;
      note(name, rate);
      note(name + "_us_nodes", (after.nodes - before.nodes) / seconds / rate * 1e6);
      note(name + "_us_postgres", (after.postgres - before.postgres) / seconds / rate * 1e6);
      note(name + "_us_load", (after.load - before.load) / seconds / rate * 1e6);
      note(name + "_us_all", (after.machine - before.machine) / seconds / rate * 1e6);
    } finally {
      loads.forEach(Load::close);
    }
  }

  private Load load(ServerProcess node, int connections) throws Exception {
    URI events =
        node.address().resolve("/organizations/" + Bed.WITH_RULES.organization() + "/events");
    try (ApiClient api = new ApiClient(node.address(), Bed.WITH_RULES)) {
      String token = Objects.requireNonNull(api.token().ok().getString("access_token"));
      return new Load(vertx, HttpMethod.POST, events, "Bearer " + token, connections);
    }
  }

  private double run(Load load) {
    return load.run(WARM_UP, pace.measured(), BATCH, () -> payloads.request(BATCH))
        .eventsPerSecond();
  }

  private List<Double> of(String name) {
    return figures.getOrDefault(name, List.of());
  }

  private void note(String name, double figure) {
    figures.computeIfAbsent(name, key -> new ArrayList<>()).add(figure);
    System.err.printf("  nodes_%-18s %10.1f%n", name, figure);
  }

  /**
   * Processor time that was used, in seconds.
   *
   * @param machine by whomever
   */
  private record Processors(double nodes, double postgres, double load, double machine) {
    static Processors read(List<ServerProcess> nodes) throws IOException {
      double postgres =
          ProcessHandle.current()
              .descendants()
              .filter(process -> !isJava(process))
              .mapToDouble(ProcessorTime::of)
              .sum();
      return new Processors(
          nodes.stream().mapToDouble(node -> ProcessorTime.of(node.handle())).sum(),
          postgres,
          ProcessorTime.of(ProcessHandle.current()),
          ProcessorTime.ofMachine());
    }

    private static boolean isJava(ProcessHandle process) {
      return process.info().command().orElse("").endsWith("/java");
    }
  }
}
