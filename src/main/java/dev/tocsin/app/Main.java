package dev.tocsin.app;

import dev.tocsin.config.ConfigurationException;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.OrganizationFiles;
import dev.tocsin.config.Problem;
import dev.tocsin.config.Settings;
import dev.tocsin.config.SettingsReader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program: reads the configuration, starts the server and stops it at SIGTERM or Ctrl-C.
 *
 * <p>Exit status 78 (as {@code sysexits.h} has it) says that the configuration cannot be used, 1 that
 * the server did not start.
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
    } catch (ConfigurationException e) {
      end(CONFIGURATION_STATUS, String.valueOf(e.getMessage()));
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
    Path directory = Path.of(environment.getOrDefault("TOCSIN_CONF", "conf"));
    List<Problem> problems = new ArrayList<>();
    Settings settings =
        problemsInto(problems, () -> SettingsReader.read(vertx, directory, environment));
    List<DeclaredOrganization> organizations =
        problemsInto(
            problems,
            () -> OrganizationFiles.read(directory.resolve("organizations"), environment));
    if (settings == null || organizations == null) {
      throw new ConfigurationException(problems);
    }
    Server server = Server.start(vertx, settings, organizations);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(server::close));
    System.out.print(Greeting.of(settings, server.port(), organizations));
  }

  /** Reads on after a problem, so that all are reported at once. */
  private static <T> @Nullable T problemsInto(List<Problem> problems, Callable<T> reading) {
    try {
      return reading.call();
    } catch (ConfigurationException e) {
      problems.addAll(e.problems());
      return null;
    } catch (Exception e) {
      throw new IllegalStateException("the configuration cannot be read", e);
    }
  }
}
