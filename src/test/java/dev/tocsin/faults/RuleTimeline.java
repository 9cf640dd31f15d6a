package dev.tocsin.faults;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * All rules over time, as their only author knows them: he changes one after the other, so there is
 * one order of states, and whoever sends an event can tell which of them may judge it. That is the
 * whole of linearizability: an event must be judged, by all rules at once, as of a state that was
 * in force between its sending and its answer, and not as of an earlier one than an event that was
 * answered before it was sent.
 *
 * <p>Thread-safe, with one author.
 */
final class RuleTimeline {
  private final AtomicReferenceArray<List<ChangingRule>> states;
  private final AtomicInteger requested = new AtomicInteger();
  private final AtomicInteger inForce = new AtomicInteger();

  /**
   * What may have judged an event.
   *
   * @param first the earliest state that may have
   * @param last the latest
   */
  record Span(int first, int last) {}

  /** A timeline with room for so many changes, that begins without rules. */
  RuleTimeline(int changesMax) {
    this.states = new AtomicReferenceArray<>(changesMax + 1);
    states.set(0, List.of());
  }

  /** How many changes were asked for. */
  int changes() {
    return requested.get();
  }

  /** The author is about to ask for this to be the rules. */
  void request(List<ChangingRule> rules) {
    int next = requested.get() + 1;
    states.set(next, List.copyOf(rules));
    requested.set(next);
  }

  /** The author was told that what he asked for is in force. */
  void acknowledge() {
    atLeast(requested.get());
  }

  private void atLeast(int state) {
    inForce.accumulateAndGet(state, Math::max);
  }

  /** To be asked before an event is sent: no earlier state may judge it. */
  int first() {
    return inForce.get();
  }

  /** What may have judged an event that was sent then, and is answered now. */
  Span since(int first) {
    return new Span(first, requested.get());
  }

  /**
   * The earliest state by which just these rules, by their codes, fire; null when there is none.
   */
  @Nullable Integer explanation(Update update, List<String> fired, Span span) {
    Set<String> codes = new HashSet<>(fired);
    if (codes.size() < fired.size()) {
      return null; // One fired twice.
    }
    for (int state = span.first(); state <= span.last(); state++) {
      if (codes.equals(firing(state, update))) {
        return state;
      }
    }
    return null;
  }

  /** Whether the states of the span judge the event differently. */
  boolean isTelling(Update update, Span span) {
    Set<String> first = firing(span.first(), update);
    for (int state = span.first() + 1; state <= span.last(); state++) {
      if (!first.equals(firing(state, update))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Events were judged by these states, and their senders know: no event that is sent from now on
   * may be judged by an earlier one.
   */
  void observed(int state) {
    atLeast(state);
  }

  /** The codes of what fires in a state. */
  Set<String> firing(int state, Update update) {
    Set<String> codes = new HashSet<>();
    for (ChangingRule rule : states.get(state)) {
      if (rule.firesOn(update)) {
        codes.add(rule.code());
      }
    }
    return codes;
  }
}
