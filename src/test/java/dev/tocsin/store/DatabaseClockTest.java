package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatabaseClockTest {
  private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");

  /** How long the coming questions take, of which the answer is made up at the very end. */
  private final Deque<Duration> delays = new ArrayDeque<>();

  private long nanos = 1_000;
  private Duration databaseIsAhead = Duration.ZERO;

  @Test
  void the_first_question_which_opens_a_connection_does_not_put_the_clock_off() {
    delays.addAll(List.of(Duration.ofMillis(800), Duration.ofMillis(1), Duration.ofMillis(2)));
    DatabaseClock clock = clock();
    assertThat(clock.instant()).isCloseTo(truth(), within(1, ChronoUnit.MILLIS));
  }

  @Test
  void it_goes_on_with_the_nodes_own_steady_time() {
    DatabaseClock clock = clock();
    Instant before = clock.instant();
    nanos += Duration.ofSeconds(3).toNanos();
    assertThat(clock.instant()).isEqualTo(before.plusSeconds(3));
  }

  @Test
  void a_slow_answer_does_not_replace_a_quick_one() {
    DatabaseClock clock = clock();
    delays.addAll(List.of(Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(300)));
    clock.set();
    assertThat(clock.instant()).isCloseTo(truth(), within(1, ChronoUnit.MILLIS));
  }

  @Test
  void a_drift_is_followed_without_ever_going_back() {
    DatabaseClock clock = clock();
    Instant before = clock.instant();
    databaseIsAhead = Duration.ofMillis(-50);
    clock.set();
    assertThat(clock.instant()).isEqualTo(before);
    nanos += Duration.ofMillis(60).toNanos();
    assertThat(clock.instant()).isEqualTo(truth()).isAfter(before);
  }

  @Test
  void a_clock_that_was_set_back_for_good_is_followed() {
    DatabaseClock clock = clock();
    clock.instant();
    databaseIsAhead = Duration.ofMinutes(-5);
    clock.set();
    assertThat(clock.instant()).isEqualTo(truth());
  }

  private DatabaseClock clock() {
    return new DatabaseClock(this::answer, () -> nanos);
  }

  private Instant answer() {
    Duration delay = delays.isEmpty() ? Duration.ZERO : delays.remove();
    nanos += delay.toNanos();
    return truth();
  }

  private Instant truth() {
    return START.plusNanos(nanos).plus(databaseIsAhead);
  }
}
