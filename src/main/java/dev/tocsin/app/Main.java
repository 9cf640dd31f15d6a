package dev.tocsin.app;

import dev.tocsin.config.Configuration;
import dev.tocsin.config.ConfigurationException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
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
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    try {
      run(vertx, System.getenv());
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

  private static void run(Vertx vertx, Map<String, String> environment) throws IOException {
    String directory = environment.getOrDefault("TOCSIN_CONF", "");
    Configuration configuration =
        Configuration.read(vertx, Path.of(directory.isEmpty() ? "conf" : directory), environment);
    ListenAddress.of(configuration.settings().http()).verifyFree();
    Server server = new Server(vertx, configuration);
    // Before the start, which a signal may interrupt when a PostgreSQL runs already.
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(server::close));
    server.start();
    System.out.print(server.greeting());
  }
}
