package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatementsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Statements STATEMENTS = Statements.load();

  static Iterable<String> names() {
    return STATEMENTS.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_statement_fits_the_schema(String name) {
    assertThatCode(() -> prepare(name)).doesNotThrowAnyException();
  }

  /** Parsing and planning the longest of them costs as much as committing thirty events. */
  @ParameterizedTest
  @MethodSource("names")
  void every_statement_is_prepared_once_for_each_connection(String name) {
    PgConnectOptions options =
        postgres.address().connectOptions("test", Duration.ofSeconds(5), Map.of());

    assertThat(options.getCachePreparedStatements()).isTrue();
    assertThat(options.getPreparedStatementCacheSqlFilter()).accepts(STATEMENTS.sql(name));
    assertThat(options.getPreparedStatementCacheMaxSize()).isGreaterThan(STATEMENTS.names().size());
  }

  private static void prepare(String name) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("prepare \"" + name + "\" as " + STATEMENTS.sql(name));
    }
  }
}
