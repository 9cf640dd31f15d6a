package dev.tocsin.rule.index;

import dev.tocsin.rule.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * What an index found for a change.
 *
 * @param fired the rules that fire, in no order
 * @param failed those that could not be computed, in no order. A rule that the index keeps from the
 *     change is not computed, and so does not fail.
 * @param evaluated how many were computed to know
 */
public record Matches<R>(List<R> fired, List<Failure<R>> failed, int evaluated) {
  public Matches {
    fired = List.copyOf(fired);
    failed = List.copyOf(failed);
  }

  /** The same, with what fires in another order. */
  public Matches<R> sorted(Comparator<? super R> order) {
    return new Matches<>(fired.stream().sorted(order).toList(), failed, evaluated);
  }

  /** A rule that could not be computed, and why. */
  public record Failure<R>(R rule, Outcome.Failed outcome) {
    public Failure {
      Objects.requireNonNull(rule);
      Objects.requireNonNull(outcome);
    }
  }

  /** Nothing fires, and nothing was asked. */
  public static <R> Matches<R> none() {
    return new Matches<>(List.of(), List.of(), 0);
  }
}
