package dev.tocsin.demo;

import dev.tocsin.process.FreePorts;
import dev.tocsin.process.NodePlans;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small cluster on this machine: nodes in processes of their own, encrypted, over one PostgreSQL,
 * until Ctrl-C ends them all.
 */
public final class ClusterRun {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  private final Path home;
  private final List<ServerPlan> plans = new ArrayList<>();
  private final List<ServerProcess> servers = new ArrayList<>();
  private @Nullable EmbeddedPostgres postgres;
  private boolean stopped;

  private ClusterRun(Path home) {
    this.home = home;
  }

  /**
   * Runs one.
   *
   * @param arguments the server's jar, the number of nodes, and the URI of a PostgreSQL if none is
   *     to be started
   */
  public static void main(String[] arguments) throws IOException {
    ClusterRun run = new ClusterRun(Files.createTempDirectory("tocsin-cluster-"));
    Runtime.getRuntime().addShutdownHook(new Thread(run::stop));
    String uri = arguments.length > 2 ? arguments[2] : run.postgres(arguments[1]);
    run.start(Path.of(arguments[0]), Integer.parseInt(arguments[1]), uri);
    Thread.ofPlatform().daemon().name("orders").start(run::takeOrders);
    run.awaitEnd();
  }

  private String postgres(String nodes) throws IOException {
    EmbeddedPostgres started =
        NodePlans.postgres(home.resolve("postgresql"), Integer.parseInt(nodes));
    postgres = started;
    return NodePlans.uri(started.address());
  }

  private void start(Path jar, int nodes, String uri) throws IOException {
    List<String> names = IntStream.rangeClosed(1, nodes).mapToObj(i -> "node-" + i).toList();
    for (ServerPlan plan : NodePlans.of(jar, home, uri, names)) {
      int bus = FreePorts.one();
      plans.add(
          plan.withSettingsOf(System.getenv())
              .with("TOCSIN_BUS_TCP", "true")
              .with("TOCSIN_BUS_TCP_PORT", String.valueOf(bus)));
      launch(plans.size());
      System.out.println("        bus over TCP 127.0.0.1:" + bus);
    }
    System.out.println(
        "\nFor an application that joins: the members are those of /health/ready, keys");
    System.out.println("are made by scripts/cluster-keys " + home.resolve("keys") + " NAME.");
    System.out.println("\nOrganization and access key are those of conf/organizations/demo.yaml.");
    System.out.println("Files and logs are in " + home + " until Ctrl-C ends the cluster.");
    System.out.println("When a node has ended, its number and Enter start it again,");
    System.out.println("while another runs: with the last one, all ends.");
  }

  private void launch(int number) throws IOException {
    ServerPlan plan = plans.get(number - 1);
    ServerProcess server;
    synchronized (this) {
      if (stopped) {
        return;
      }
      server = ServerProcess.launch(plan);
      if (number > servers.size()) {
        servers.add(server);
      } else {
        servers.set(number - 1, server);
      }
    }
    server.awaitReady(READY_WITHIN);
    System.out.println(
        plan.home().getFileName()
            + "  "
            + server.address()
            + "  process "
            + server.handle().pid()
            + "  member 127.0.0.1:"
            + plan.variables().get("TOCSIN_CLUSTER_PORT")
            + "  members at "
            + server.address()
            + "/health/ready");
  }

  /** Starts nodes again that have ended, by the numbers that are entered. */
  private void takeOrders() {
    try (BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()))) {
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        take(order.strip());
      }
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  private void take(String order) {
    int number = order.matches("[1-9]") ? Integer.parseInt(order) : 0;
    if (number < 1 || number > plans.size()) {
      System.out.println("a number from 1 to " + plans.size() + " starts that node again");
    } else if (server(number).handle().isAlive()) {
      System.out.println("node-" + number + " is running");
    } else {
      try {
        launch(number);
      } catch (IOException e) {
        System.out.println("node-" + number + " did not start: " + e.getMessage());
      }
    }
  }

  private synchronized ServerProcess server(int number) {
    return servers.get(number - 1);
  }

  private synchronized Optional<ServerProcess> anyAlive() {
    return servers.stream().filter(server -> server.handle().isAlive()).findFirst();
  }

  /** Until all nodes have ended by themselves; Ctrl-C comes before. */
  private void awaitEnd() {
    for (var alive = anyAlive(); alive.isPresent(); alive = anyAlive()) {
      alive.get().handle().onExit().join();
    }
  }

  private synchronized void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    for (ServerProcess server : servers) {
      try {
        server.stop(STOP_WITHIN);
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
    try {
      EmbeddedPostgres started = postgres;
      if (started != null) {
        started.close();
      }
      delete(home);
    } catch (IOException e) {
      System.err.println(e.getMessage());
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
