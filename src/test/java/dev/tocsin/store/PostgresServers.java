package dev.tocsin.store;

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
    throw new IllegalStateException("give -Dtocsin.test.postgres");
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
