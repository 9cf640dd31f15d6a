package dev.tocsin.faults;

import dev.tocsin.network.Network;
import dev.tocsin.network.Way;
import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.process.ServerPlan;
import dev.tocsin.store.PostgresFixture;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Three nodes over one PostgreSQL, which campaigns are run on one after the other. */
final class ClusterGround implements AutoCloseable {
  static final int NODES = 3;

  /** Of deliveries. */
  static final Duration LEASE = Duration.ofSeconds(5);

  /** Short leases and looks, and as little memory and as few connections as will do. */
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("TOCSIN_SECRETS_KEY", "a secret that all nodes are given"),
          Map.entry("TOCSIN_POSTGRES_POOL_SIZE", "3"),
          Map.entry("TOCSIN_POSTGRES_STATEMENT_TIMEOUT", "PT5S"),
          Map.entry("TOCSIN_EVALUATE_INSTANCES", "1"),
          Map.entry("TOCSIN_INGEST_ANSWER_WITHIN", "PT2S"),
          Map.entry("TOCSIN_SCHEDULE_LEASE", "PT4S"),
          Map.entry("TOCSIN_DELIVERY_INSTANCES", "1"),
          Map.entry("TOCSIN_DELIVERY_TIMEOUT", "PT1S"),
          Map.entry("TOCSIN_DELIVERY_LEASE", LEASE.toString()),
          Map.entry("TOCSIN_DELIVERY_SWEEP_EVERY", "PT0.2S"),
          Map.entry(
              "TOCSIN_DELIVERY_RETRY_DELAYS",
              "PT0.2S,PT0.5S,PT1S,PT2S,PT2S,PT2S,PT5S,PT5S,PT5S,PT5S,PT5S,PT5S"),
          Map.entry("TOCSIN_STREAM_KEEP_ALIVE_EVERY", "PT1S"),
          Map.entry("TOCSIN_STREAM_RETRY", "PT0.1S"),
          Map.entry("TOCSIN_CLUSTER_HEARTBEAT_EVERY", "PT1S"),
          Map.entry("TOCSIN_CLUSTER_SILENT_MAX", "PT3S"));

  /** And the log of a server, not of tests. */
  private static final List<String> LIGHT =
      List.of(
          "-Xmx192m",
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "-Dlogback.configurationFile=logback.xml");

  private final PostgresFixture postgres;
  private final Path home;
  private final Manner manner;
  private final Network network;
  private final List<ClusterNode> nodes = new CopyOnWriteArrayList<>();
  private final Thread undo = new Thread(this::killNodes);

  /**
   * What is the same in all campaigns on a ground.
   *
   * @param busIsDead no message of the event bus passes between nodes, from beginning to end
   * @param spoiled what is wrong with the servers; null in all earnest
   */
  record Manner(boolean busIsDead, @Nullable Spoiled spoiled) {
    static final Manner ORDINARY = new Manner(false, null);
  }

  /**
   * Starts it.
   *
   * @param postgres what all share
   */
  ClusterGround(PostgresFixture postgres, Path home, Manner manner) throws IOException {
    this.postgres = postgres;
    this.home = home;
    this.manner = manner;
    Files.createDirectories(organizations());
    this.network = Network.open(home, NODES, postgres.address().port());
    Runtime.getRuntime().addShutdownHook(undo);
    try {
      for (int node = 0; node < NODES; node++) {
        if (manner.busIsDead()) {
          network.cut(node, Way.BUS);
        }
        nodes.add(new ClusterNode(node, network, plan(node), manner.busIsDead()));
      }
      for (ClusterNode node : nodes) {
        node.awaitReady();
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private ServerPlan plan(int node) throws IOException {
    ServerPlan plan = ServerPlan.ofClassPath(home.resolve("node" + node));
    List<String> command = new ArrayList<>(plan.command());
    command.addAll(2, LIGHT); // After the file of options, which they replace.
    Spoiled spoiled = manner.spoiled();
    if (spoiled != null) {
      int classPath = command.indexOf("-cp") + 1;
      command.set(classPath, spoiled.write(home) + File.pathSeparator + command.get(classPath));
    }
    plan = new ServerPlan(command, plan.home(), plan.port(), plan.variables());
    for (Map.Entry<String, String> variable : SETTINGS.entrySet()) {
      plan = plan.with(variable.getKey(), variable.getValue());
    }
    String shared = "127.0.0.1:" + postgres.address().port();
    return plan.with("TOCSIN_CONF", home.resolve("conf").toString())
        .with("TOCSIN_POSTGRES_URI", postgres.uri().replace(shared, network.database(node)));
  }

  private Path organizations() {
    return home.resolve("conf").resolve("organizations");
  }

  /** Declares an organization, whose only file there then is. */
  void declare(Account account) throws IOException {
    Path written = home.resolve("conf").resolve("next");
    Files.writeString(
        written,
        """
        organization: { id: %s, name: %s, catalog: closed }
        serviceUsers:
          - { name: %s, accessKey: %s, secret: "%s", policies: [administrator] }
        """
            .formatted(
                account.organization(),
                account.accessKey(),
                account.accessKey(),
                account.accessKey(),
                account.secret()));
    Files.move(
        written,
        organizations().resolve("campaign.yaml"),
        StandardCopyOption.REPLACE_EXISTING,
        StandardCopyOption.ATOMIC_MOVE);
  }

  Manner manner() {
    return manner;
  }

  Network network() {
    return network;
  }

  PostgresFixture postgres() {
    return postgres;
  }

  List<ClusterNode> nodes() {
    return nodes;
  }

  private void killNodes() {
    for (ClusterNode node : nodes) {
      try {
        node.close();
      } catch (IOException e) {
        System.err.println(e.getMessage());
      }
    }
  }

  @Override
  public void close() throws IOException {
    killNodes();
    network.close();
  }
}
