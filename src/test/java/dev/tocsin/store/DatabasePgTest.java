package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.flow.StoreUnavailable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A network that is lost without a word. The pools have one connection, so that one that is lost
 * and kept is all there is.
 */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DatabasePgTest {
  private static final Database.Limits LIMITS = new Database.Limits(1, 10, Duration.ofSeconds(1));

  /** Waiting for the silence to count, for a connection, and a second for the machine. */
  private static final Duration BOUND =
      LIMITS.silenceMax().plus(LIMITS.connectionWithin()).plusSeconds(1);

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private FlakyNetwork network;
  private Database database;

  @BeforeEach
  void open() throws IOException {
    network = new FlakyNetwork(postgres.address());
    database =
        Database.open(
            postgres.vertx(), network.address(), "flaky", LIMITS, Map.of(), Statements.load());
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    database.close();
  }

  @Test
  void a_statement_whose_connection_falls_silent_fails_in_time_and_the_next_one_works() {
    ask();
    network.goSilent();
    assertThat(timed(() -> assertThatThrownBy(this::ask).isInstanceOf(StoreUnavailable.class)))
        .isLessThan(BOUND);

    network.recover();
    assertThat(timed(this::askUntilAnswered)).isLessThan(BOUND);
  }

  @Test
  void a_connection_that_falls_silent_while_it_is_made_gives_its_place_back() {
    network.goSilent();
    assertThat(timed(() -> assertThatThrownBy(this::ask).isInstanceOf(StoreUnavailable.class)))
        .isLessThan(BOUND);

    network.recover();
    assertThat(timed(this::askUntilAnswered)).isLessThan(BOUND);
  }

  @Test
  void a_transaction_that_loses_its_connection_does_not_wait_once_more_to_roll_back() {
    ask();
    assertThat(
            timed(() ->
                assertThatThrownBy(() ->
                        database.inTransaction(session -> {
                          network.goSilent();
                          return session.run("databaseClock", PostgresFixture.none());
                        }))
                    .isInstanceOf(StoreUnavailable.class)))
        .isLessThan(BOUND);

    network.recover();
    assertThat(timed(this::askUntilAnswered)).isLessThan(BOUND);
  }

  /**
   * What is unused is closed by the pool, and not by its silence while a statement is on its way.
   */
  @Test
  void a_pool_that_was_not_used_for_long_works() {
    Supplier<String> session =
        () ->
            postgres.value(
                "select count(*) from pg_stat_activity where application_name = 'tocsin-flaky'");
    ask();
    assertThat(session.get()).isEqualTo("1");
    while (!session.get().equals("0")) {
      Thread.onSpinWait();
    }
    ask();
  }

  private void ask() {
    database.run("databaseClock", PostgresFixture.none());
  }

  private void askUntilAnswered() {
    boolean answered = false;
    while (!answered) {
      try {
        ask();
        answered = true;
      } catch (StoreUnavailable e) {
        // The place is not free yet.
      }
    }
  }

  private static Duration timed(Runnable work) {
    long before = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - before);
  }
}
