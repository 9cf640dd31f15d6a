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
   * Makes the schema if it is missing, and applies what it lacks.
   *
   * @throws IllegalStateException when it cannot be brought there, saying which migration failed
   */
  public static void apply(PostgresAddress address) {
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
      log.info(
          "schema ready schema={} version={} applied={}",
          address.schema(),
          result.targetSchemaVersion,
          result.migrationsExecuted);
    } catch (FlywayException e) {
      throw new IllegalStateException("the schema of " + address + " cannot be migrated", e);
    }
  }
}
