package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgTurnPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final AtomicInteger rounds = new AtomicInteger();
  private Database one;
  private Database other;

  @BeforeEach
  void open() {
    one = postgres.open("one", Map.of());
    other = postgres.open("other", Map.of());
  }

  @AfterEach
  void close() {
    one.close();
    other.close();
  }

  @Test
  void of_two_nodes_at_once_one_has_the_turn_and_then_the_other() {
    assertThat(
            new PgTurn(one)
                .take(keep -> {
                  keep.run();
                  assertThat(new PgTurn(other).take(none -> rounds.incrementAndGet())).isFalse();
                }))
        .isTrue();

    assertThat(new PgTurn(other).take(keep -> rounds.incrementAndGet())).isTrue();
    assertThat(rounds).hasValue(1);
  }

  @Test
  void work_that_fails_leaves_the_turn_to_others() {
    assertThatThrownBy(() ->
            new PgTurn(one)
                .take(keep -> {
                  throw new IllegalStateException("no");
                }))
        .hasMessage("no");

    assertThat(new PgTurn(other).take(keep -> {})).isTrue();
  }

  @Test
  void a_node_that_dies_loses_its_turn_and_finds_out_before_its_next_step() {
    assertThatThrownBy(() ->
            new PgTurn(one)
                .take(keep -> {
                  postgres.value(
                      "select bool_and(pg_terminate_backend(pid)) from pg_stat_activity where"
                          + " application_name = 'tocsin-one'");
                  while (!new PgTurn(other).take(none -> rounds.incrementAndGet())) {
                    Thread.onSpinWait();
                  }
                  keep.run();
                }))
        .isInstanceOf(RuntimeException.class);

    assertThat(rounds).hasValue(1);
    assertThat(new PgTurn(other).take(keep -> {})).isTrue();
  }
}
