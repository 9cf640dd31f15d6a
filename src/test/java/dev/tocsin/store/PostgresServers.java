package dev.tocsin.store;

import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL that all tests of a run share, by {@code -Dtocsin.test.postgres}: {@code embedded}
 * (the default), {@code testcontainers}, or the URI of one that runs.
 */
final class PostgresServers {
  private PostgresServers() {}

  /** Started when it is first asked for; stops with the JVM. */
  static PostgresAddress shared() {
    return Holder.SERVER;
  }

  private static final class Holder {
    static final PostgresAddress SERVER = start(System.getProperty("tocsin.test.postgres", ""));
  }

  private static PostgresAddress start(String way) {
    return switch (way) {
      case "", "embedded" -> embedded();
      case "testcontainers" -> container();
      default -> PostgresAddress.parse(way);
    };
  }

  private static PostgresAddress embedded() {
    try {
      EmbeddedPostgres postgres =
          EmbeddedPostgres.start(
              Path.of("target/test-postgresql"),
              new SecureRandom(),
              new Needs(Durability.THROWAWAY, 100));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(postgres)));
      return postgres.address();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void stop(EmbeddedPostgres postgres) {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("resource") // Lives as long as the JVM; Testcontainers removes it.
  private static PostgresAddress container() {
    String image = System.getProperty("tocsin.test.postgres.image", "postgres:18-alpine");
    PostgreSQLContainer container =
        new PostgreSQLContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"));
    container.start();
    return new PostgresAddress(
        container.getHost(),
        container.getFirstMappedPort(),
        container.getDatabaseName(),
        container.getUsername(),
        container.getPassword(),
        "tocsin",
        "disable");
  }
}
