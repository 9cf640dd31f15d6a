package dev.tocsin.app;

import dev.tocsin.cluster.ClusterSettings;
import dev.tocsin.cluster.Node;
import dev.tocsin.config.Configuration;
import dev.tocsin.config.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: reads the configuration, starts the server and stops it at SIGTERM or Ctrl-C.
 *
 * <p>Exit status 78 (as {@code sysexits.h} has it) says that the configuration cannot be used, a
 * port that is taken included; 1 that the server did not start; 143 or 130 that it was stopped, if
 * only while it started.
 */
public final class Main {
  private static final Logger log = LoggerFactory.getLogger(Main.class);
  private static final int CONFIGURATION_STATUS = 78;

  private Main() {}

  /** Takes no arguments; {@code conf/tocsin.yaml} and the environment say everything. */
  public static void main(String[] arguments) {
    try {
      run(System.getenv());
    } catch (ConfigurationException | ListenException e) {
      end(CONFIGURATION_STATUS, String.valueOf(e.getMessage()));
    } catch (CancellationException e) {
      // The signal that stopped it also ends the process, with its own status.
      log.info("server did not start cause=\"{}\"", e.getMessage());
    } catch (IOException | RuntimeException e) {
      log.error("server did not start", e);
      end(1, "Tocsin did not start: " + e.getMessage());
    }
  }

  private static void end(int status, String reason) {
    System.err.println(reason);
    System.exit(status);
  }

  private static void run(Map<String, String> environment) throws IOException {
    String directory = environment.getOrDefault("TOCSIN_CONF", "");
    Vertx vertx = Vertx.vertx(options());
    Configuration configuration =
        Configuration.read(vertx, Path.of(directory.isEmpty() ? "conf" : directory), environment);
    ListenAddress.of(configuration.settings().http()).verifyFree();
    Node node = node(vertx, configuration.settings().cluster());
    Server server = new Server(node, configuration);
    // Before the start, which a signal may interrupt when a PostgreSQL runs already.
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(server::close));
    server.start();
    System.out.print(server.greeting());
  }

  private static VertxOptions options() {
    return new VertxOptions().setPreferNativeTransport(true);
  }

  /** What is to be, alone or in a cluster, is only known when the configuration has been read. */
  static Node node(Vertx reader, ClusterSettings cluster) {
    if (!cluster.enabled()) {
      return new Node.Alone(reader);
    }
    Deployments.await(reader.close());
    ListenAddress.verifyFree("cluster.port", cluster.host(), cluster.port());
    ListenAddress.verifyFree("cluster.busPort", cluster.busListensOn(), cluster.busPort());
    if (!cluster.staysHere() && cluster.keys() == null) {
      log.warn("the event bus between nodes is not encrypted: cluster.plaintext says so");
    }
    return Node.join(cluster, Main::options, Instant.now());
  }
}
