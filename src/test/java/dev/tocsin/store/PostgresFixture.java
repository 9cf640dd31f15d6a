package dev.tocsin.store;

import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A migrated schema of its own on a real PostgreSQL: one for each test when registered in an
 * instance field, one for all tests of a class in a static field.
 *
 * <p>Sessions have a time zone that is neither the JVM's nor UTC, so that a time that loses its
 * zone on the way is noticed.
 */
public final class PostgresFixture
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AutoCloseable {
  private static final AtomicInteger SCHEMAS = new AtomicInteger();
  private static final Map<String, String> SESSION = Map.of("TimeZone", "America/St_Johns");
  private static final Database.Limits LIMITS = new Database.Limits(6, 100, Duration.ofSeconds(30));

  private @Nullable PostgresAddress address;
  private @Nullable Vertx vertx;
  private @Nullable Database database;
  private boolean shared;

  @Override
  public void beforeAll(ExtensionContext context) {
    shared = true;
    open();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    if (!shared) {
      open();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (!shared) {
      close();
    }
  }

  private void open() {
    PostgresAddress server = PostgresServers.shared();
    address =
        new PostgresAddress(
            server.host(),
            server.port(),
            server.database(),
            server.user(),
            server.password(),
            "test_" + ProcessHandle.current().pid() + "_" + SCHEMAS.incrementAndGet(),
            server.sslMode());
    Migrations.apply(address);
    vertx = Vertx.vertx();
    database = open("test", Map.of());
    LocalDate first = LocalDate.parse("2026-11-22");
    ensurePartitions(first, first.plusDays(2));
    LocalDate today = LocalDate.parse(value("select (now() at time zone 'UTC')::date"));
    ensurePartitions(today.minusDays(1), today.plusDays(1));
  }

  /** Partitions for these days; there already are some around today and around 2026-11-23. */
  public void ensurePartitions(LocalDate first, LocalDate last) {
    new PgPartitions(database()).ensure(first, last);
  }

  /** One outside of any test, for a program, which closes it. */
  public static PostgresFixture alone() {
    PostgresFixture fixture = new PostgresFixture();
    fixture.open();
    return fixture;
  }

  @Override
  public void close() {
    execute("drop schema " + address().schema() + " cascade");
    database().close();
    vertx().close().toCompletionStage().toCompletableFuture().join();
  }

  /** The schema's address. */
  public PostgresAddress address() {
    return opened(address);
  }

  /** The same as a server is told it. */
  public String uri() {
    PostgresAddress at = address();
    return "postgresql://%s:%s@%s:%d/%s?schema=%s&sslmode=%s"
        .formatted(
            at.user(),
            at.password(),
            at.host(),
            at.port(),
            at.database(),
            at.schema(),
            at.sslMode());
  }

  /** The Vert.x that the database's pool belongs to. */
  public Vertx vertx() {
    return opened(vertx);
  }

  /** A pool for the schema. */
  public Database database() {
    return opened(database);
  }

  /** Another pool for the schema, with more settings for its sessions; the caller closes it. */
  public Database open(String name, Map<String, String> session) {
    Map<String, String> settings = new HashMap<>(SESSION);
    settings.putAll(session);
    return Database.open(vertx(), address(), name, LIMITS, settings, Statements.load());
  }

  private static <T> T opened(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("the fixture is used outside a test");
    }
    return part;
  }

  /** Runs SQL as it stands; what a test sets up has no named statement. */
  public void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of the first row, as text. */
  public String value(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      if (!rows.next()) {
        throw new IllegalStateException("no row: " + sql);
      }
      return String.valueOf(rows.getString(1));
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The first column of every row, as text. */
  public List<String> texts(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(String.valueOf(rows.getString(1)));
      }
      return texts;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** A JDBC connection that sees the schema. */
  public Connection connect() throws SQLException {
    PostgresAddress to = address();
    Connection connection = DriverManager.getConnection(to.jdbcUrl(), to.user(), to.password());
    connection.setSchema(to.schema());
    return connection;
  }

  /** Makes an organization with rule set version 1. */
  public void createOrganization(String id) {
    execute(
        "insert into organization values ('"
            + id
            + "', 'Test', 'UTC', now());"
            + "insert into rule_set values ('"
            + id
            + "', 1)");
  }

  /** No parameters. */
  static Tuple none() {
    return Tuple.tuple();
  }
}
