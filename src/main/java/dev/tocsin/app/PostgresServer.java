package dev.tocsin.app;

import dev.tocsin.config.Settings;
import dev.tocsin.store.EmbeddedPostgres;
import dev.tocsin.store.EmbeddedPostgres.Durability;
import dev.tocsin.store.EmbeddedPostgres.Needs;
import dev.tocsin.store.PostgresAddress;
import java.io.IOException;
import java.security.SecureRandom;

/** The PostgreSQL a server uses: its own, or one that somebody else runs. */
sealed interface PostgresServer extends AutoCloseable {
  /** Where it is, and how to get in. */
  PostgresAddress address();

  @Override
  void close() throws IOException;

  /** A child of this process. */
  record Embedded(EmbeddedPostgres postgres) implements PostgresServer {
    @Override
    public PostgresAddress address() {
      return postgres.address();
    }

    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }

  /** Known by its URI. */
  record External(PostgresAddress address) implements PostgresServer {
    @Override
    public void close() {
      // Somebody else's.
    }
  }

  /**
   * The one that the settings ask for, ready to be connected to if it is ours.
   *
   * @throws IOException when our own does not start, saying why
   */
  static PostgresServer start(Settings settings, SecureRandom random) throws IOException {
    String uri = settings.postgresUri();
    return uri == null
        ? new Embedded(
            EmbeddedPostgres.start(
                settings.data().resolve("postgresql"),
                random,
                new Needs(Durability.DURABLE, StageSettings.connections(settings))))
        : new External(PostgresAddress.parse(uri));
  }
}
