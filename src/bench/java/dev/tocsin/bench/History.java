package dev.tocsin.bench;

import dev.tocsin.process.ApiClient.Account;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Four weeks of events as the server would have stored them, written past it: through it they would
 * take hours, and they would all be of today.
 *
 * <p>Of its ten thousand accounts and fifty thousand entities the first are the busiest (a square
 * root's share of all events), of thirty event names likewise. One event in a thousand is a billing
 * event, one in a hundred fired a rule; five on the first day are of an account, an entity and a name
 * of their own.
 */
final class History {
  static final int DAYS = 28;

  private final String url;
  private final String user;
  private final String password;

  History(String url, String user, String password) {
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** Writes so many events, up to now. */
  void write(Account account, String rule, int events) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("set search_path = tocsin");
      for (int daysAgo = DAYS - 1; daysAgo >= 0; daysAgo--) {
        try (ResultSet made =
            statement.executeQuery(
                "select partition_ensure_day(parent, (now() at time zone 'UTC')::date - "
                    + daysAgo
                    + ") from unnest(array['event', 'notification']) as parent")) {
          made.next();
        }
        writeDay(connection, account, rule, daysAgo, events / DAYS);
        System.err.printf("  history of %2d days ago%n", daysAgo);
      }
      statement.execute(
          ("update event set account_id = 'rare', resource_id = 'rare', event_name = 'rare.event'"
                  + " where organization_id = '%1$s' and id in (select id from event"
                  + " where organization_id = '%1$s' order by id limit 5)")
              .formatted(account.organization()));
      statement.execute(
          ("insert into notification select organization_id, id, '%s', gen_random_uuid(), 'always',"
                  + " 'always', 1 from event where organization_id = '%s'"
                  + " and fired is not null on conflict do nothing")
              .formatted(rule, account.organization()));
      statement.execute("vacuum analyze event");
      statement.execute("vacuum analyze notification");
    }
  }

  /** The earlier part of today is a whole day's, too: there is no other time before now. */
  private static void writeDay(
      Connection connection, Account account, String rule, int daysAgo, int events)
      throws SQLException {
    String insert =
        """
        insert into event (organization_id, id, event_name, event_type, event_time, resource_id,
          account_id, new, fired)
        select ?::uuid, (substr(id_floor(t)::text, 1, 14) || '7' || lpad(to_hex(n % 4096), 3, '0')
            || '-8' || lpad(to_hex((random() * 4095)::int), 3, '0') || '-'
            || lpad(to_hex(n), 12, '0'))::uuid,
          case when random() < 0.001 then 'billing.bill.updated'
            else 'configuration.e' || (30 * random() ^ 2)::int || '.updated' end,
          'ConfigurationEvent', t, 'r-' || (50000 * random() ^ 2)::int,
          'a-' || (10000 * random() ^ 2)::int, json_build_object('id', n, 'text', repeat('x', 500)),
          case when random() < 0.01 then array[?::uuid] end
        from (
          select n, least(day + interval '1 day', now()) - day as length, day,
            day + (least(day + interval '1 day', now()) - day) * n / ? as t
          from (select date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
              - ? * interval '1 day' as day) d, generate_series(0, ? - 1) n) m
        """;
    try (PreparedStatement statement = connection.prepareStatement(insert)) {
      statement.setString(1, account.organization());
      statement.setString(2, rule);
      statement.setInt(3, events);
      statement.setInt(4, daysAgo);
      statement.setInt(5, events);
      statement.executeUpdate();
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "update event set event_type = 'BillingEvent' where event_name like 'billing.%'"
              + " and event_type <> 'BillingEvent' and organization_id = '"
              + account.organization()
              + "'");
    }
  }

  /** Ids of events all over the time. */
  List<String> some(Account account, int count) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                ("select id from tocsin.event tablesample system (0.1)"
                        + " where organization_id = '%s' order by random() limit %d")
                    .formatted(account.organization(), count))) {
      while (rows.next()) {
        ids.add(rows.getString(1));
      }
    }
    return ids;
  }
}
