package dev.tocsin.bench;

import dev.tocsin.process.ApiClient.Account;
import dev.tocsin.store.Database;
import dev.tocsin.store.PgExpiredPartitions;
import dev.tocsin.store.PostgresAddress;
import dev.tocsin.store.Retention;
import dev.tocsin.store.Statements;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Days of events that are past retention: made, and dropped as the server does it, or deleted. */
final class ExpiredDays implements AutoCloseable {
  private static final int RETENTION_DAYS = 28;
  private static final Database.Limits LIMITS =
      new Database.Limits(1, 10, Duration.ofMinutes(5));

  private final Bed.Database connections;
  private final Path cluster;
  private final Database database;
  private final PgExpiredPartitions partitions;

  /** What it cost to be rid of a day. */
  record Cost(double seconds, double walBytes) {}

  /**
   * Days in a PostgreSQL.
   *
   * @param cluster where its files are
   */
  ExpiredDays(Vertx vertx, Bed.Database connections, Path cluster) {
    this.connections = connections;
    this.cluster = cluster;
    PostgresAddress address =
        new PostgresAddress(
            "127.0.0.1",
            connections.port(),
            "postgres",
            connections.user(),
            connections.password(),
            "tocsin",
            "disable");
    this.database =
        Database.open(
            vertx, address, "bench", LIMITS, PgExpiredPartitions.SESSION, Statements.load());
    this.partitions =
        new PgExpiredPartitions(
            database,
            new Retention(InstantSource.system(), RETENTION_DAYS),
            Duration.ofDays(RETENTION_DAYS));
  }

  /**
   * Makes a day of so many events; its indexes are built when it becomes a partition. Nothing of it
   * is left in the cache of the file system, as nobody reads what has expired for days.
   */
  LocalDate make(Account account, int daysAgo, int events)
      throws SQLException, IOException, InterruptedException {
    LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(daysAgo);
    String table = "tocsin.event_" + day.format(DateTimeFormatter.BASIC_ISO_DATE);
    String bounds =
        "from (tocsin.id_floor('%sT00:00Z')) to (tocsin.id_floor('%sT00:00Z'))"
            .formatted(day, day.plusDays(1));
    try (Connection connection = connections.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table %s (like tocsin.event including defaults including constraints)"
              .formatted(table));
      statement.execute(
          """
          insert into %s (organization_id, id, event_name, event_type, event_time, resource_id,
            account_id, new)
          select '%s', (substr(tocsin.id_floor(t)::text, 1, 14) || '7000-8000-'
              || lpad(to_hex(n), 12, '0'))::uuid,
            'configuration.e' || n %% 30 || '.updated', 'ConfigurationEvent', t, 'r-' || n %% 50000,
            'a-' || n %% 10000, json_build_object('id', n, 'text', repeat('x', 500))
          from (
            select n, '%sT00:00Z'::timestamptz + interval '1 day' * n / %d as t
            from generate_series(0, %d - 1) n) m
          """
              .formatted(table, account.organization(), day, events, events));
      statement.execute(
          "alter table tocsin.event attach partition %s for values %s".formatted(table, bounds));
      statement.execute("vacuum analyze " + table);
      statement.execute("checkpoint");
      try (ResultSet files =
          statement.executeQuery(
              """
              select pg_relation_filepath(oid) from pg_class
              where oid = '%1$s'::regclass
                or oid = (select reltoastrelid from pg_class where oid = '%1$s'::regclass)
                or oid in (select indexrelid from pg_index where indrelid = '%1$s'::regclass)
              """
                  .formatted(table))) {
        while (files.next()) {
          forget(cluster.resolve(files.getString(1)));
        }
      }
    }
    return day;
  }

  /** Has the file system cache nothing of a relation's files, which are written already. */
  private static void forget(Path first) throws IOException, InterruptedException {
    List<Path> parts;
    try (Stream<Path> files = Files.list(first.getParent())) {
      parts =
          files
              .filter(file -> file.toString().matches(Pattern.quote(first.toString()) + "([._].+)?"))
              .toList();
    }
    for (Path part : parts) {
      Process forgetting =
          new ProcessBuilder(
                  "dd", "of=" + part, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (forgetting.waitFor() != 0) {
        throw new IOException("cannot have the cache forget " + part);
      }
    }
  }

  /** Drops what has expired. */
  Cost drop() throws SQLException {
    return measure(() -> {
      if (partitions.dropSome(1, () -> {}).dropped() != 1) {
        throw new IllegalStateException("the day was not dropped");
      }
    });
  }

  /** Deletes a day's events, and has their room reused. */
  Cost delete(LocalDate day) throws SQLException {
    return measure(() -> {
      try (Connection connection = connections.connect();
          Statement statement = connection.createStatement()) {
        statement.execute(
            ("delete from tocsin.event where id >= tocsin.id_floor('%sT00:00Z')"
                    + " and id < tocsin.id_floor('%sT00:00Z')")
                .formatted(day, day.plusDays(1)));
        statement.execute("vacuum tocsin.event_" + day.format(DateTimeFormatter.BASIC_ISO_DATE));
      }
    });
  }

  private interface Work {
    void run() throws SQLException;
  }

  private Cost measure(Work work) throws SQLException {
    long wal = walWritten();
    long begin = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new Cost(seconds, walWritten() - wal);
  }

  private long walWritten() throws SQLException {
    try (Connection connection = connections.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
