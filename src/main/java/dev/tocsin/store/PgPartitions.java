package dev.tocsin.store;

import dev.tocsin.expire.Partitions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** Partitions in PostgreSQL. */
public final class PgPartitions implements Partitions {
  private final Database database;

  /** Partitions of the schema that the pool is connected to. */
  public PgPartitions(Database database) {
    this.database = database;
  }

  @Override
  public int ensure(LocalDate first, LocalDate last) {
    int from = Generations.at(first.atStartOfDay().toInstant(ZoneOffset.UTC));
    int to = Generations.at(last.plusDays(1).atStartOfDay().toInstant(ZoneOffset.UTC));
    return database
        .run("partitionsEnsure", Tuple.of(first, last, from, to))
        .iterator()
        .next()
        .getInteger(0);
  }

  @Override
  public Optional<LocalDate> firstLacking(LocalDate first, LocalDate last) {
    Row row = database.run("partitionsLacking", Tuple.of(first, last)).iterator().next();
    return Optional.ofNullable(row.getLocalDate("day"));
  }
}
