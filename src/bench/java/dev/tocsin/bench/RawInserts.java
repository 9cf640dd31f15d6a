package dev.tocsin.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What PostgreSQL itself does at best with the same payloads, durable as for the server: rows
 * written by {@code insert … select from unnest}, and rows written one a transaction. The table has
 * a payload and a primary key, and nothing else.
 */
final class RawInserts {
  private static final int BATCH = 500;
  private static final String UNNEST =
      "insert into raw_insert select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::json[])";
  private static final String SINGLE = "insert into raw_insert values (?, ?, ?, ?::json)";

  private final String url;
  private final String user;
  private final String password;

  RawInserts(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** Rows a second, in batches of 500, over so many connections. */
  double unnest(int connections, Duration time) throws Exception {
    return run(connections, time, RawInserts::insertBatches);
  }

  /** Rows a second, each in a transaction of its own, over so many connections. */
  double single(int connections, Duration time) throws Exception {
    return run(connections, time, RawInserts::insertRows);
  }

  private interface Loop {
    long run(Connection connection, long until) throws SQLException;
  }

  private double run(int connections, Duration time, Loop loop) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("drop table if exists raw_insert");
      statement.execute(
          "create table raw_insert (organization_id uuid, id uuid, event_name text, new json,"
              + " primary key (organization_id, id))");
    }
    long started = System.nanoTime();
    long rows = total(connections, loop, started + time.toNanos());
    return rows * 1e9 / (System.nanoTime() - started);
  }

  private long total(int connections, Loop loop, long until)
      throws InterruptedException, ExecutionException {
    long rows = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(connections)) {
      List<Future<Long>> loops = new ArrayList<>();
      for (int i = 0; i < connections; i++) {
        loops.add(
            executor.submit(() -> {
              try (Connection connection = connect()) {
                return loop.run(connection, until);
              }
            }));
      }
      for (Future<Long> each : loops) {
        rows += each.get();
      }
    }
    return rows;
  }

  private static long insertBatches(Connection connection, long until) throws SQLException {
    UUID[] organizations = new UUID[BATCH];
    UUID[] ids = new UUID[BATCH];
    String[] names = new String[BATCH];
    String[] payloads = new String[BATCH];
    long rows = 0;
    try (PreparedStatement insert = connection.prepareStatement(UNNEST)) {
      while (System.nanoTime() < until) {
        for (int i = 0; i < BATCH; i++) {
          organizations[i] = new UUID(0, 1);
          ids[i] = id();
          names[i] = "configuration.commitment.created";
          payloads[i] = Payloads.commitment(ids[i].toString(), rows + i);
        }
        insert.setArray(1, connection.createArrayOf("uuid", organizations));
        insert.setArray(2, connection.createArrayOf("uuid", ids));
        insert.setArray(3, connection.createArrayOf("text", names));
        insert.setArray(4, connection.createArrayOf("text", payloads));
        insert.executeUpdate();
        rows += BATCH;
      }
    }
    return rows;
  }

  private static long insertRows(Connection connection, long until) throws SQLException {
    long rows = 0;
    try (PreparedStatement insert = connection.prepareStatement(SINGLE)) {
      while (System.nanoTime() < until) {
        UUID id = id();
        insert.setObject(1, new UUID(0, 1));
        insert.setObject(2, id);
        insert.setString(3, "configuration.commitment.created");
        insert.setString(4, Payloads.commitment(id.toString(), rows));
        insert.executeUpdate();
        rows++;
      }
    }
    return rows;
  }

  /** In order of time, as the server's are. */
  private static UUID id() {
    long noise = ThreadLocalRandom.current().nextLong();
    return new UUID(System.currentTimeMillis() << 16 | 0x7000 | (noise & 0xfff), noise);
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }
}
