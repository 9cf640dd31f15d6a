package dev.tocsin.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.expire.ExpirySweep.Round;
import dev.tocsin.expire.ExpirySweep.Step;
import dev.tocsin.flow.StoreUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ExpirySweepTest {
  private final List<String> done = new ArrayList<>();
  private final Queue<Boolean> endings = new ArrayDeque<>();
  private Instant now = Instant.parse("2026-11-23T08:00:00Z");
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
            false,
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

  /** Or an event is gone before it was told that it was not delivered. */
  @Test
  void nothing_takes_events_away_while_there_is_more_to_end() {
    endings.addAll(List.of(true, true, false));
    ExpirySweep sweep = sweep(takingEvents(), step("two", false));

    assertThat(sweep.runOnce()).isEqualTo(new Round(true, true));
    assertThat(sweep.runOnce()).isEqualTo(new Round(true, true));
    assertThat(done).containsExactly("ending", "two", "ending", "two");
    assertThat(sweep.runOnce()).isEqualTo(new Round(true, false));
    assertThat(done.subList(4, 7)).containsExactly("ending", "taking events", "two");
  }

  @Test
  void nor_when_ending_fails() {
    ExpirySweep sweep =
        new ExpirySweep(
            this::take,
            failing(new IllegalStateException("no")),
            List.of(takingEvents(), step("two", false)),
            () -> now);

    assertThat(sweep.runOnce()).isEqualTo(new Round(true, false));
    assertThat(done).containsExactly("two");
  }

  @Test
  void but_events_stay_no_longer_than_an_hour_for_it() {
    endings.addAll(List.of(true, true, true, false, true));
    ExpirySweep sweep = sweep(takingEvents());

    sweep.runOnce();
    now = now.plus(Duration.ofHours(1)).minusMillis(1);
    sweep.runOnce();
    assertThat(done).doesNotContain("taking events");
    now = now.plusMillis(1);
    sweep.runOnce();
    assertThat(done).endsWith("ending", "taking events");

    sweep.runOnce();
    done.clear();
    sweep.runOnce();
    assertThat(done).as("a new hour after all had ended").containsExactly("ending");
  }

  @Test
  void the_hour_begins_anew_when_another_node_had_the_turn() {
    endings.addAll(List.of(true, true));
    ExpirySweep sweep = sweep(takingEvents());
    sweep.runOnce();
    now = now.plus(Duration.ofHours(2));
    others = true;
    sweep.runOnce();
    others = false;

    sweep.runOnce();

    assertThat(done).containsExactly("ending", "ending");
  }

  private ExpirySweep sweep(Step... steps) {
    Step ending =
        new Step(
            "ending",
            false,
            keep -> {
              done.add("ending");
              return !endings.isEmpty() && endings.remove();
            });
    return new ExpirySweep(this::take, ending, List.of(steps), () -> now);
  }

  private Step takingEvents() {
    return new Step(
        "taking events",
        true,
        keep -> {
          done.add("taking events");
          return false;
        });
  }

  private Step step(String name, boolean more) {
    return new Step(
        name,
        false,
        keep -> {
          done.add(name);
          return more;
        });
  }

  private static Step failing(RuntimeException failure) {
    return new Step(
        "failing",
        false,
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
