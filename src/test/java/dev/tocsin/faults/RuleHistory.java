package dev.tocsin.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was in force when, as the author of the changes knows it: a change took effect somewhere
 * between its request and its acknowledgement. Moments are steady nanoseconds.
 */
final class RuleHistory {
  /**
   * A state of the rule.
   *
   * @param code what the rule is called in this state; null when there is no rule
   * @param requested when the change that led to it was sent
   * @param acknowledged when its author was told that it is in force
   */
  record State(@Nullable String code, long requested, long acknowledged) {}

  /**
   * An event as its sender saw it.
   *
   * @param fired the code that it set off; null when it set off nothing
   */
  record Observation(long sent, long acknowledged, @Nullable String fired) {}

  private final List<State> states = new ArrayList<>();

  RuleHistory() {
    states.add(new State(null, Long.MIN_VALUE, Long.MIN_VALUE));
  }

  void add(State state) {
    states.add(state);
  }

  int changes() {
    return states.size() - 1;
  }

  /**
   * Whether the event was judged by a state that was in force at some moment between its sending
   * and its acknowledgement. If a change was acknowledged before the event was sent, no earlier
   * state is.
   */
  boolean explains(Observation event) {
    for (int i = 0; i < states.size(); i++) {
      State state = states.get(i);
      boolean begun = state.requested() <= event.acknowledged();
      boolean notYetOver =
          i == states.size() - 1 || states.get(i + 1).acknowledged() >= event.sent();
      if (begun && notYetOver && Objects.equals(state.code(), event.fired())) {
        return true;
      }
    }
    return false;
  }
}
