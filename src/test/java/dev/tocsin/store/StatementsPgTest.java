package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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

  private static void prepare(String name) throws SQLException {
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("prepare \"" + name + "\" as " + STATEMENTS.sql(name));
    }
  }
}
