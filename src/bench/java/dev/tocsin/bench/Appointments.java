package dev.tocsin.bench;

import dev.tocsin.process.ApiClient.Account;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/**
 * Appointments as the server would have kept them, with the states of their entities, written past
 * it so that they are due when the benchmark wants them to be.
 */
final class Appointments {
  private static final String ID = "@id@";

  private final Bed.Database database;
  private final Account account;
  private final String configuration;

  Appointments(Bed.Database database, Account account, String configuration) {
    this.database = database;
    this.account = account;
    this.configuration = configuration;
  }

  /**
   * Makes so many, each of an entity of its own.
   *
   * @param prefix of the entities' ids
   * @param first when the first is due
   * @param every how long after the one before each of the others is due
   */
  void make(String prefix, int count, Instant first, Duration every) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("set search_path = tocsin");
      try (PreparedStatement insert =
          connection.prepareStatement(
              """
              with entity as materialized (
                select ? || n as id, n from generate_series(0, ? - 1) n
              ),
              state as (
                insert into entity_state (organization_id, entity, entity_id, event_id, event_time,
                  state)
                select ?, 'Commitment', id, gen_random_uuid(), now(), replace(?, '%s', id)::json
                from entity
              )
              insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming,
                value, dt_armed)
              select ?, ?, id, ?::timestamptz + n * ? * interval '1 microsecond', 1, '2027-12-31',
                now()
              from entity
              """
                  .formatted(ID))) {
        insert.setString(1, prefix);
        insert.setInt(2, count);
        insert.setObject(3, UUID.fromString(account.organization()));
        insert.setString(4, Payloads.commitment(ID, 1));
        insert.setObject(5, UUID.fromString(account.organization()));
        insert.setObject(6, UUID.fromString(configuration));
        insert.setObject(7, OffsetDateTime.ofInstant(first, ZoneOffset.UTC));
        insert.setLong(8, every.toNanos() / 1_000);
        insert.executeUpdate();
      }
    }
  }

  /** Has statistics and visibility as they are in a database that has stood for a while. */
  void settle() throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("vacuum analyze tocsin.scheduled_due");
      statement.execute("vacuum analyze tocsin.entity_state");
      statement.execute("checkpoint");
    }
  }

  /** How many that are due before a moment have not fired. */
  long waiting(Instant before) throws SQLException {
    try (Connection connection = database.connect();
        PreparedStatement count =
            connection.prepareStatement(
                "select count(*) from tocsin.scheduled_due"
                    + " where organization_id = ? and outcome is null and due_at < ?")) {
      count.setObject(1, UUID.fromString(account.organization()));
      count.setObject(2, OffsetDateTime.ofInstant(before, ZoneOffset.UTC));
      try (ResultSet row = count.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  /** How late each of those with this prefix fired, in milliseconds, once its event was committed. */
  Histogram late(String prefix) throws SQLException {
    Histogram late = new Histogram(3);
    try (Connection connection = database.connect();
        PreparedStatement times =
            connection.prepareStatement(
                "select extract(epoch from dt_ended - due_at) * 1000 from tocsin.scheduled_due"
                    + " where configuration_id = ? and entity_id like ? and outcome = 'FIRED'")) {
      times.setObject(1, UUID.fromString(configuration));
      times.setString(2, prefix + "%");
      try (ResultSet row = times.executeQuery()) {
        while (row.next()) {
          late.recordValue(Math.max(0, row.getLong(1)));
        }
      }
    }
    return late;
  }
}
