package dev.tocsin.demo;

import dev.tocsin.cluster.ClusterKeys;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.process.ServerProcess;
import dev.tocsin.store.EmbeddedPostgres;
import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import dev.tocsin.store.PostgresAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A small cluster on this machine: nodes in processes of their own, encrypted, over one PostgreSQL,
 * until Ctrl-C ends them all.
 */
public final class ClusterRun {
  private static final Duration READY_WITHIN = Duration.ofMinutes(2);
  private static final Duration STOP_WITHIN = Duration.ofSeconds(15);

  /** What the pools of a node may open together, with the shipped settings on many processors. */
  private static final int CONNECTIONS_OF_A_NODE = 100;

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
        EmbeddedPostgres.start(
            home.resolve("postgresql"),
            new SecureRandom(),
            new Needs(Durability.DURABLE, CONNECTIONS_OF_A_NODE * Integer.parseInt(nodes)));
    postgres = started;
    PostgresAddress at = started.address();
    return "postgresql://%s:%s@%s:%d/%s?schema=tocsin&sslmode=%s"
        .formatted(at.user(), at.password(), at.host(), at.port(), at.database(), at.sslMode());
  }

  private void start(Path jar, int nodes, String uri) throws IOException {
    List<Integer> ports = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      ports.add(freePort());
      names.add("node-" + (i + 1));
    }
    Path keys = ClusterKeys.make(home.resolve("keys"), names.toArray(String[]::new));
    String members = String.join(",", ports.stream().map(port -> "127.0.0.1:" + port).toList());
    String secret = "made for this run alone " + new SecureRandom().nextLong();
    for (int i = 0; i < nodes; i++) {
      ServerPlan plan =
          ServerPlan.ofJar(jar, home.resolve(names.get(i)))
              .with("TOCSIN_POSTGRES_URI", uri)
              .with("TOCSIN_SECRETS_KEY", secret)
              .with("TOCSIN_CLUSTER_ENABLED", "true")
              .with("TOCSIN_CLUSTER_PORT", String.valueOf(ports.get(i)))
              .with("TOCSIN_CLUSTER_BUS_PORT", "0")
              .with("TOCSIN_CLUSTER_MEMBERS", members);
      for (Map.Entry<String, String> file : ClusterKeys.settings(keys, names.get(i)).entrySet()) {
        plan = plan.with(file.getKey(), file.getValue());
      }
      launch(plan, names.get(i));
    }
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

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
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
