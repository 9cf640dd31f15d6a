package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The plan of a commit, which is made once for a connection, perhaps while there is nothing yet.
 */
class LedgerPlanPgTest {
  private static final int PARAMETERS = 44;
  private static final int GENERATIONS_SEARCHED = 17;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  @Test
  void every_key_is_looked_for_by_itself_in_the_index_of_its_generation() throws SQLException {
    assertThat(conditions("idempotency_key"))
        .isNotEmpty()
        .allMatch(condition -> condition.contains("key_digest"));
  }

  @Test
  void every_state_is_looked_for_by_all_of_its_key() throws SQLException {
    assertThat(conditions("entity_state"))
        .isNotEmpty()
        .allMatch(condition -> condition.contains("entity_id"));
  }

  /** By which conditions the indexes of a table are read. */
  private static List<String> conditions(String table) throws SQLException {
    List<String> plan = plan();
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < plan.size() - 1; i++) {
      if (plan.get(i).contains("Scan") && plan.get(i).contains(" on " + table)) {
        conditions.add(plan.get(i + 1));
      }
    }
    return conditions;
  }

  private static List<String> plan() throws SQLException {
    String generations = "'{%d}'".formatted(Generations.at(Instant.parse("2026-11-23T00:00:00Z")));
    String values =
        IntStream.rangeClosed(1, PARAMETERS)
            .mapToObj(number -> number == GENERATIONS_SEARCHED ? generations : "null")
            .collect(Collectors.joining(", "));
    List<String> plan = new ArrayList<>();
    try (Connection connection = postgres.connect();
        Statement statement = connection.createStatement()) {
      for (var setting : PgLedger.SESSION.entrySet()) {
        statement.execute("set %s = '%s'".formatted(setting.getKey(), setting.getValue()));
      }
      statement.execute("prepare ledger as " + Statements.load().sql("ledgerCommit"));
      try (ResultSet rows =
          statement.executeQuery("explain (costs off) execute ledger(" + values + ")")) {
        while (rows.next()) {
          plan.add(rows.getString(1));
        }
      }
    }
    return plan;
  }
}
