package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.RuleHistory.Observation;
import dev.tocsin.faults.RuleHistory.State;
import org.junit.jupiter.api.Test;

/** That the judge of the two servers would notice a rule that comes late. */
class RuleHistoryTest {
  private final RuleHistory history = new RuleHistory();

  RuleHistoryTest() {
    history.add(new State("a", 10, 20));
    history.add(new State("b", 30, 40));
    history.add(new State(null, 50, 60));
  }

  @Test
  void an_event_sent_after_an_acknowledged_change_must_be_judged_by_it() {
    assertThat(history.explains(new Observation(21, 25, "a"))).isTrue();
    assertThat(history.explains(new Observation(21, 25, null))).isFalse();
    assertThat(history.explains(new Observation(41, 45, "a"))).isFalse();
    assertThat(history.explains(new Observation(61, 65, "b"))).isFalse();
    assertThat(history.explains(new Observation(61, 65, null))).isTrue();
  }

  @Test
  void an_event_that_overlaps_a_change_may_be_judged_by_either_state() {
    assertThat(history.explains(new Observation(15, 35, null))).isTrue();
    assertThat(history.explains(new Observation(15, 35, "a"))).isTrue();
    assertThat(history.explains(new Observation(15, 35, "b"))).isTrue();
  }

  @Test
  void no_event_is_judged_by_a_change_that_was_not_yet_asked_for() {
    assertThat(history.explains(new Observation(1, 9, "a"))).isFalse();
    assertThat(history.explains(new Observation(22, 29, "b"))).isFalse();
  }
}
