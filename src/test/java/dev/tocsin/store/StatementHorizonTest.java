package dev.tocsin.store;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every statement that touches what expires has the bound of retention, or a reason. A new one
 * fails here until it has either; that the bound is right, {@code HorizonPgTest} shows.
 */
class StatementHorizonTest {
  private static final Statements STATEMENTS = Statements.load();

  /** The tables whose rows go with their event, where a statement reads or changes them. */
  private static final Pattern EXPIRING =
      Pattern.compile(
          "(?:from|join|update|into)\\s+(?:event|notification|integration_run|integration_run_attempt"
              + "|integration_failure|event_page_by_keys)\\b");

  /** Ids from a given one on, or the bound of each organization. */
  private static final Pattern BOUND = Pattern.compile("(?:\\b|_)id >= \\$\\d|event_horizon\\(");

  private static final Map<String, String> REASONS =
      Map.ofEntries(
          entry("ledgerCommit", "stores; reads back nothing of what is kept"),
          entry("ledgerStored", "asks whether a commit of a moment ago went through"),
          entry("eventListByKeys", "its stretches end where the walk before it must end"),
          entry("eventEraBegin", "tells of transactions and shows no event"),
          entry("integrationRunRecord", "writes what came of an attempt that has a fence"),
          entry("integrationRunRelease", "gives back what has a fence; claims have the bound"),
          entry("eventDeleteOld", "deletes what is below the bound"),
          entry("notificationDeleteOld", "deletes what is below the bound"),
          entry("integrationRunDeleteOld", "deletes what is below the bound"),
          entry("partitionsExpired", "chooses what is past retention, to drop it"),
          entry("integrationFailureTold", "strikes out what a claim answered"),
          entry("integrationRunAttempts", "of a run that integrationRunFind has just found"),
          entry("integrationRunReplay", "of a run that integrationRunLock found and holds"));

  static Iterable<String> names() {
    return STATEMENTS.names().stream().filter(StatementHorizonTest::touchesWhatExpires).toList();
  }

  private static boolean touchesWhatExpires(String name) {
    return EXPIRING.matcher(STATEMENTS.sql(name)).find();
  }

  @ParameterizedTest
  @MethodSource("names")
  void a_statement_on_what_expires_has_the_bound_or_a_reason(String name) {
    boolean isBound = BOUND.matcher(STATEMENTS.sql(name)).find();
    assertThat(isBound || REASONS.containsKey(name)).as(STATEMENTS.sql(name)).isTrue();
  }

  @Test
  void every_reason_is_still_needed() {
    assertThat(REASONS.keySet())
        .allMatch(STATEMENTS.names()::contains)
        .allMatch(StatementHorizonTest::touchesWhatExpires)
        .noneMatch(name -> BOUND.matcher(STATEMENTS.sql(name)).find());
  }
}
