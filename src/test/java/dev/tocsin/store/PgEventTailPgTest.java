package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.stream.EventTail;
import dev.tocsin.stream.EventTailContract;
import dev.tocsin.stream.Position;
import dev.tocsin.stream.Stretch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tail over real transactions, each on a connection of its own. */
class PgEventTailPgTest extends EventTailContract {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Pattern SCAN = Pattern.compile("Scan .*using (\\w+) on (\\w+_\\d{8}) ");

  private final List<Connection> connections = new ArrayList<>();
  private Database pool;
  private PgEventTail tail;

  @BeforeEach
  void open() {
    pool = postgres.open("stream", PgEvents.SESSION);
    tail = PgEventTail.open(pool, StoreSamples.EVERYTHING, new EventId(StoreSamples.id()));
  }

  @AfterEach
  void close() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
    pool.close();
  }

  @Override
  protected EventTail tail() {
    return tail;
  }

  @Override
  protected OrganizationId organization(int number) {
    return StoreSamples.organization(postgres);
  }

  @Override
  protected Transaction begin() {
    try {
      Connection connection = postgres.connect();
      connections.add(connection);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("select pg_current_xact_id()");
      }
      return new PgTransaction(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private record PgTransaction(Connection connection) implements Transaction {
    @Override
    public void store(StoredEvent event) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "insert into event (organization_id, id, event_name, event_type, event_time,"
                  + " resource_id, account_id, new) values (?, ?, ?, ?, now(), ?, ?, ?::json)")) {
        insert.setObject(1, event.organization().value());
        insert.setObject(2, event.id().value());
        insert.setString(3, event.name().value());
        insert.setString(4, event.category().text());
        insert.setString(5, event.resourceId());
        insert.setString(6, event.accountId());
        insert.setString(7, event.after());
        insert.execute();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void commit() {
      try {
        connection.commit();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void abort() {
      try {
        connection.rollback();
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void events_read_are_those_that_were_stored() {
    Position from = now(acme);
    StoredEvent event = event(acme, 1);
    Transaction own = begin();
    own.store(event);
    own.commit();

    assertThat(read(acme, from, 10)).hasSize(1);
    StoredEvent read = tail.read(acme, from, 10).events().getFirst().event();
    assertThat(read).usingRecursiveComparison().ignoringFields("time").isEqualTo(event);
  }

  /** Days go while somebody reads through them: he is shown what is left, and stumbles nowhere. */
  @Test
  void reading_goes_on_when_the_partition_that_is_read_is_dropped() {
    LocalDate day = LocalDate.parse("2026-11-10");
    postgres.ensurePartitions(day, day);
    Position from = at(now(acme), Instant.parse("2026-11-10T08:00:00Z"));
    Transaction own = begin();
    for (int i = 0; i < 4; i++) {
      own.store(event(acme, old(i), null));
    }
    own.store(event(acme, 5));
    own.commit();

    assertThat(read(acme, from, 10)).hasSize(5);
    Stretch first = tail.read(acme, from, 2);
    assertThat(first.events()).extracting(placed -> placed.event().id()).contains(old(0), old(1));
    postgres.execute(
        "alter table event detach partition event_20261110; drop table event_20261110");

    assertThat(read(acme, first.end(from, Instant.EPOCH), 2)).containsExactly(id(5));
    assertThat(tail.start(acme, HiddenEvents.NONE, old(1))).isEmpty();
  }

  /** A dump has the numbers of the other cluster's transactions, which are far ahead of ours. */
  @Test
  void after_a_logical_restore_what_it_brought_is_not_followed_and_what_comes_is() {
    Transaction own = begin();
    own.store(event(acme, 1));
    own.commit();
    postgres.execute(
        "update event set xid = '4000000000000' where organization_id = '" + acme + "'");
    assertThat(tail.read(acme, Position.of(3, old(0)), 10).heldSince()).isNotNull();

    PgEventTail restored = PgEventTail.open(pool, StoreSamples.EVERYTHING, id(2));
    PgEventTail another = PgEventTail.open(pool, StoreSamples.EVERYTHING, id(7));
    stored(event(acme, 3));

    for (PgEventTail each : List.of(restored, another)) {
      tail = each;
      assertThat(read(acme, Position.of(3, old(0)), 10)).containsExactly(id(3));
      assertThat(tail.start(acme, HiddenEvents.NONE, id(1))).isEmpty();
      assertThat(tail.start(acme, HiddenEvents.NONE, id(3))).isPresent();
    }
    postgres.execute("update event_era set first_id = '" + new UUID(0, 0) + "'");
    postgres.execute("delete from event where organization_id = '" + acme + "'");
  }

  private static EventId old(int number) {
    Instant created = Instant.parse("2026-11-10T09:00:00Z").plusMillis(number);
    return new EventId(new UUID(created.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE));
  }

  private static Position at(Position position, Instant since) {
    return new Position(position.transaction(), position.id(), since);
  }

  @Test
  void a_read_follows_the_index_of_transactions_sorts_one_at_a_time_and_leaves_out_older_days()
      throws SQLException {
    EventId floor = EventId.floor(Instant.parse("2026-11-23T00:00:00Z"));
    String read = "'" + acme + "', '4', '" + new UUID(0, 0) + "', '" + floor + "', 101";

    List<String> plan = plan("eventTailRead", read);
    assertThat(plan).noneMatch(line -> line.contains("Seq Scan"));
    assertThat(plan).noneMatch(line -> line.matches("[ >-]*Sort  ?\\(.*"));
    assertThat(plan).anyMatch(line -> line.contains("Incremental Sort"));
    assertThat(plan).anyMatch(line -> line.contains("Presorted Key: event.xid"));
    assertThat(scans(plan))
        .isNotEmpty()
        .allMatch(scan -> scan.endsWith("_organization_id_xid_idx"))
        .noneMatch(scan -> scan.startsWith("event_20261122"));
    assertThat(plan)
        .filteredOn(line -> line.contains("Index Cond"))
        .allMatch(line -> line.contains("(organization_id = $1)") && line.contains("xid >= "));
  }

  private static final String LOWEST = "'00000000-0000-0000-0000-000000000000'";

  /** The planner knows nothing yet of a partition that was just made. */
  @Test
  void looking_for_ids_is_not_led_astray_by_that_index() throws SQLException {
    String ids = "array['" + id(1) + "', '" + id(2) + "']::uuid[]";

    assertThat(
            scans(plan("eventTailVisible", "'" + acme + "', " + ids + ", array['x'], " + LOWEST)))
        .isNotEmpty()
        .allMatch(scan -> scan.endsWith("_pkey"));
    assertThat(scans(plan("ledgerStored", "'" + acme + "', " + ids)))
        .isNotEmpty()
        .allMatch(scan -> scan.endsWith("_pkey"));
    assertThat(
            scans(plan("eventAction", "'" + acme + "', " + ids + ", true, now(), null, " + LOWEST)))
        .isNotEmpty()
        .allMatch(scan -> scan.endsWith("_pkey"));
  }

  /** The generic plan that serves any parameters, a line each. */
  private static List<String> plan(String statement, String parameters) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement session = connection.createStatement()) {
      for (Map.Entry<String, String> setting : PgEvents.SESSION.entrySet()) {
        session.execute("set " + setting.getKey() + " = " + setting.getValue());
      }
      session.execute("prepare tail as " + Statements.load().sql(statement));
      List<String> plan = new ArrayList<>();
      try (ResultSet lines =
          session.executeQuery(
              "explain (analyze, costs off, timing off) execute tail (" + parameters + ")")) {
        while (lines.next()) {
          plan.add(lines.getString(1));
        }
      }
      return plan;
    }
  }

  /** The partitions that a plan looks into, each with the index: {@code <partition> <index>}. */
  private static List<String> scans(List<String> plan) {
    List<String> scans = new ArrayList<>();
    for (String line : plan) {
      Matcher scan = SCAN.matcher(line);
      if (scan.find()) {
        scans.add(scan.group(2) + " " + scan.group(1));
      }
    }
    return scans;
  }
}
