package dev.tocsin.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.faults.ChangingRule.Condition;
import dev.tocsin.faults.RuleTimeline.Span;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the judge of ten thousand changes would notice what it is there for. */
class RuleTimelineTest {
  private static final String NAME = Update.NAMES.getFirst();
  private static final Update SPENT_500 = new Update("u", NAME, 1, 400, 500, 900);

  private final RuleTimeline timeline = new RuleTimeline(10);

  RuleTimelineTest() {
    change(List.of(threshold(0, "a", 450)));
    change(List.of(threshold(0, "b", 600), threshold(1, "c", 450)));
    change(List.of(threshold(0, "b", 600), threshold(1, "d", 450)));
  }

  @Test
  void an_outcome_is_explained_by_a_state_of_its_time() {
    assertThat(timeline.explanation(SPENT_500, List.of("a"), new Span(1, 2))).isEqualTo(1);
    assertThat(timeline.explanation(SPENT_500, List.of("c"), new Span(1, 2))).isEqualTo(2);
    assertThat(timeline.explanation(SPENT_500, List.of(), new Span(0, 2))).isEqualTo(0);
  }

  @Test
  void one_from_before_or_after_its_time_is_not() {
    assertThat(timeline.explanation(SPENT_500, List.of("a"), new Span(2, 3))).isNull();
    assertThat(timeline.explanation(SPENT_500, List.of("d"), new Span(1, 2))).isNull();
  }

  @Test
  void a_mixture_of_two_states_is_not_explained_by_both_of_them() {
    assertThat(timeline.explanation(SPENT_500, List.of("a", "c"), new Span(1, 2))).isNull();
    assertThat(timeline.explanation(SPENT_500, List.of(), new Span(1, 3))).isNull();
  }

  @Test
  void a_rule_that_fires_twice_is_not_explained() {
    assertThat(timeline.explanation(SPENT_500, List.of("a", "a"), new Span(1, 1))).isNull();
  }

  @Test
  void nobody_sees_older_rules_than_what_was_seen_before() {
    timeline.request(List.of());
    assertThat(timeline.first()).isEqualTo(3);
    timeline.observed(4);
    assertThat(timeline.since(timeline.first())).isEqualTo(new Span(4, 4));
  }

  @Test
  void an_event_tells_states_apart_that_judge_it_differently() {
    assertThat(timeline.isTelling(SPENT_500, new Span(1, 2))).isTrue();
    assertThat(timeline.isTelling(SPENT_500, new Span(1, 1))).isFalse();
    Update poor = new Update("p", NAME, 1, 0, 1, 900);
    assertThat(timeline.isTelling(poor, new Span(0, 3))).isFalse();
  }

  private void change(List<ChangingRule> rules) {
    timeline.request(rules);
    timeline.acknowledge();
  }

  private static ChangingRule threshold(int slot, String code, int limit) {
    return new ChangingRule(slot, code, NAME, true, Condition.THRESHOLD, 0, limit);
  }
}
