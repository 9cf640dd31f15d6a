package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.expire.ExpirySweep.Round;
import dev.tocsin.expire.ExpirySweep.Step;
import dev.tocsin.flow.StoreUnavailable;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExpirySweepTest {
  private final List<String> done = new ArrayList<>();
  private boolean others;
  private int keepsLeft = Integer.MAX_VALUE;

  @Test
  void a_round_does_each_step_and_tells_whether_any_has_more() {
    assertThat(sweep(step("one", false), step("two", false)).runOnce())
        .isEqualTo(new Round(true, false));
    assertThat(sweep(step("three", true), step("four", false)).runOnce())
        .isEqualTo(new Round(true, true));
    assertThat(done).containsExactly("ending", "one", "two", "ending", "three", "four");
  }

  @Test
  void nothing_is_done_in_another_nodes_turn() {
    others = true;

    assertThat(sweep(step("one", true)).runOnce()).isEqualTo(new Round(false, false));
    assertThat(done).isEmpty();
  }

  @Test
  void a_step_that_fails_keeps_no_other_from_being_done() {
    Step failing = failing(new IllegalStateException("no"));

    assertThat(sweep(failing, step("two", false)).runOnce()).isEqualTo(new Round(true, false));
    assertThat(done).containsExactly("ending", "two");
  }

  /** A statement that takes too long, say. */
  @Test
  void nor_does_a_step_that_is_interrupted_while_the_turn_is_kept() {
    Step failing = failing(unavailable());

    assertThat(sweep(failing, step("two", false)).runOnce()).isEqualTo(new Round(true, false));
    assertThat(done).containsExactly("ending", "two");
  }

  @Test
  void who_lost_his_turn_begins_no_other_step() {
    keepsLeft = 2;

    assertThatThrownBy(() -> sweep(step("one", true), step("two", true)).runOnce())
        .hasMessage("lost");
    assertThat(done).containsExactly("ending", "one");
  }

  @Test
  void who_lost_his_turn_within_a_step_begins_no_other() {
    keepsLeft = 2;
    Step keeping =
        new Step(
            "keeping",
            keep -> {
              keep.run();
              return false;
            });

    assertThatThrownBy(() -> sweep(keeping, step("two", true)).runOnce()).hasMessage("lost");
    assertThat(done).containsExactly("ending");
  }

  @Test
  void each_step_is_done_though_the_turn_is_lost_in_every_round() {
    ExpirySweep sweep = sweep(step("one", false), step("two", false), step("three", false));

    for (int round = 0; round < 3; round++) {
      keepsLeft = 2;
      assertThatThrownBy(sweep::runOnce).hasMessage("lost");
    }

    assertThat(done).containsExactly("ending", "one", "ending", "two", "ending", "three");
  }

  private ExpirySweep sweep(Step... steps) {
    return new ExpirySweep(this::take, step("ending", false), List.of(steps));
  }

  private Step step(String name, boolean more) {
    return new Step(
        name,
        keep -> {
          done.add(name);
          return more;
        });
  }

  private static Step failing(RuntimeException failure) {
    return new Step(
        "failing",
        keep -> {
          throw failure;
        });
  }

  private static StoreUnavailable unavailable() {
    return new StoreUnavailable("lost", new IllegalStateException("no"));
  }

  private boolean take(Turn.Work work) {
    if (others) {
      return false;
    }
    work.run(() -> {
      if (keepsLeft-- <= 0) {
        throw unavailable();
      }
    });
    return true;
  }
}
