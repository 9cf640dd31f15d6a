package dev.tocsin.store;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings a schema to the version this server needs, which several nodes may do at once. */
public final class Migrations {
  private static final Logger log = LoggerFactory.getLogger(Migrations.class);

  private Migrations() {}

  /**
   * What was done.
   *
   * @param version the schema's, now
   * @param applied how many migrations it lacked
   */
  public record Applied(String version, int applied) {}

  /**
   * Makes the schema if it is missing, and applies what it lacks.
   *
   * @throws IllegalStateException when it cannot be brought there, saying which migration failed
   */
  public static Applied apply(PostgresAddress address) {
    try {
      MigrateResult result =
          Flyway.configure()
              .dataSource(address.jdbcUrl(), address.user(), address.password())
              .schemas(address.schema())
              .locations("classpath:db/migration")
              .validateMigrationNaming(true)
              .connectRetries(10)
              .load()
              .migrate();
      // There is no target where nothing had to be applied.
      String version =
          result.migrationsExecuted == 0 ? result.initialSchemaVersion : result.targetSchemaVersion;
      Applied done = new Applied(version, result.migrationsExecuted);
      log.info(
          "schema ready schema={} version={} applied={}",
          address.schema(),
          done.version(),
          done.applied());
      return done;
    } catch (FlywayException e) {
      throw new IllegalStateException("the schema of " + address + " cannot be migrated", e);
    }
  }
}
