package dev.tocsin.evaluate;

import static dev.tocsin.evaluate.Samples.always;
import static dev.tocsin.evaluate.Samples.rules;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RuleSetTest {
  private static final EventName OTHER = new EventName("configuration.plan.created");
  private static final Change CHANGE = new Change(Instant.EPOCH, null, null);

  @Test
  void what_fires_comes_in_the_order_of_ids_however_the_rules_got_there() {
    RuleSet followed = rules(1, always(3), always(2));
    followed.follow(new RuleSetChanges(1, 2, Set.of(always(2).id()), List.of(on(always(1)))));
    followed.follow(new RuleSetChanges(2, 3, Set.of(), List.of(on(always(2)))));

    assertThat(followed.matching(Samples.UPDATED, CHANGE).fired())
        .isEqualTo(
            rules(3, always(1), always(2), always(3)).matching(Samples.UPDATED, CHANGE).fired())
        .extracting(Rule::id)
        .containsExactly(always(1).id(), always(2).id(), always(3).id());
  }

  @Test
  void a_rule_that_listens_to_something_else_now_does_not_fire_where_it_did() {
    RuleSet followed = rules(1, always(1));
    RuleSet.Listening moved = new RuleSet.Listening(OTHER, always(1));
    followed.follow(new RuleSetChanges(1, 2, Set.of(), List.of(moved)));

    assertThat(followed.matching(Samples.UPDATED, CHANGE).fired()).isEmpty();
    assertThat(followed.matching(OTHER, CHANGE).fired()).containsExactly(always(1));
  }

  @Test
  void changes_since_another_version_are_not_followed() {
    RuleSet followed = rules(2, always(1));
    RuleSetChanges gap = new RuleSetChanges(3, 4, Set.of(always(1).id()), List.of());

    assertThatThrownBy(() -> followed.follow(gap)).isInstanceOf(IllegalStateException.class);
    assertThat(followed.version()).isEqualTo(2);
    assertThat(followed.matching(Samples.UPDATED, CHANGE).fired()).hasSize(1);
  }

  private static RuleSet.Listening on(Rule rule) {
    return new RuleSet.Listening(Samples.UPDATED, rule);
  }
}
