package dev.tocsin.demo;

import dev.tocsin.process.FreePorts;
import dev.tocsin.process.NodePlans;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
      ServerPlan withBus =
          plan.withSettingsOf(System.getenv())
              .with("TOCSIN_BUS_TCP", "true")
              .with("TOCSIN_BUS_TCP_PORT", String.valueOf(bus));
      launch(withBus, plan.home().getFileName().toString());
      System.out.println("        bus over TCP 127.0.0.1:" + bus);
    }
    System.out.println(
        "\nFor an application that joins: the members are those of /health/ready, keys");
    System.out.println("are made by scripts/cluster-keys " + home.resolve("keys") + " NAME.");
    System.out.println("\nOrganization and access key are those of conf/organizations/demo.yaml.");
    System.out.println("Files and logs are in " + home + " until Ctrl-C ends the cluster.");
  }

  private void launch(ServerPlan plan, String name) throws IOException {
    ServerProcess server = ServerProcess.launch(plan);
    synchronized (this) {
      servers.add(server);
    }
    server.awaitReady(READY_WITHIN);
    System.out.println(
        name
            + "  "
            + server.address()
            + "  process "
            + server.handle().pid()
            + "  members at "
            + server.address()
            + "/health/ready");
  }

  /** Until all nodes have ended by themselves; Ctrl-C comes before. */
  private void awaitEnd() {
    for (ServerProcess server : servers) {
      server.handle().onExit().join();
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
