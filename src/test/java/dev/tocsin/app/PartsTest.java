package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PartsTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<String> closed = new CopyOnWriteArrayList<>();
  private final Parts parts = new Parts();

  @Test
  void are_closed_from_the_last_to_the_first() {
    add("database");
    add("stage");

    parts.close(within(LONG));

    assertThat(closed).containsExactly("stage", "database");
    assertThat(parts.isEmpty()).isTrue();
  }

  @Test
  void one_that_fails_keeps_no_other_open() {
    add("database");
    parts.add(
        "stage",
        () -> {
          throw new IllegalStateException("fails");
        });
    parts.add(
        "another stage",
        () -> {
          throw new AssertionError("fails worse");
        });

    parts.close(within(LONG));

    assertThat(closed).containsExactly("database");
  }

  /** The time is over already, and the stage never ends: what stands behind it is closed still. */
  @Test
  void one_that_does_not_end_is_left_when_the_time_is_over() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch told = new CountDownLatch(1);
    parts.addIndispensable("postgresql", () -> closed.add("postgresql"));
    parts.add("connections", told::countDown);
    parts.add("stage", never::await);

    parts.close(within(Duration.ZERO));

    assertThat(closed).containsExactly("postgresql");
    assertThat(told.await(1, TimeUnit.MINUTES)).isTrue();
    never.countDown();
  }

  @Test
  void one_that_is_added_during_a_stop_ends_the_start_and_is_closed_with_the_others() {
    add("database");
    parts.refuse();
    assertThat(parts.isRefusing()).isTrue();

    assertThatThrownBy(() -> add("stage")).isInstanceOf(CancellationException.class);
    parts.close(within(LONG));

    assertThat(closed).containsExactly("stage", "database");
  }

  private void add(String name) {
    parts.add(name, () -> closed.add(name));
  }

  private static Deadline within(Duration time) {
    return new Deadline(time, System::nanoTime);
  }
}
