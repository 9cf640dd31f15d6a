package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.expire.ExpirySweep.Round;
import dev.tocsin.expire.ExpirySweep.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
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
    assertThat(done).containsExactly("one", "two", "three", "four");
  }

  @Test
  void nothing_is_done_in_another_nodes_turn() {
    others = true;

    assertThat(sweep(step("one", true)).runOnce()).isEqualTo(new Round(false, false));
    assertThat(done).isEmpty();
  }

  @Test
  void a_step_that_fails_keeps_no_other_from_being_done() {
    Step failing =
        new Step(
            "failing",
            () -> {
              throw new IllegalStateException("no");
            });

    assertThat(sweep(failing, step("two", false)).runOnce()).isEqualTo(new Round(true, false));
    assertThat(done).containsExactly("two");
  }

  @Test
  void who_lost_his_turn_begins_no_other_step() {
    keepsLeft = 1;

    assertThatThrownBy(() -> sweep(step("one", true), step("two", true)).runOnce())
        .hasMessage("lost");
    assertThat(done).containsExactly("one");
  }

  private ExpirySweep sweep(Step... steps) {
    return new ExpirySweep(this::take, List.of(steps));
  }

  private Step step(String name, boolean more) {
    BooleanSupplier work =
        () -> {
          done.add(name);
          return more;
        };
    return new Step(name, work);
  }

  private boolean take(Turn.Work work) {
    if (others) {
      return false;
    }
    work.run(() -> {
      if (keepsLeft-- == 0) {
        throw new IllegalStateException("lost");
      }
    });
    return true;
  }
}
