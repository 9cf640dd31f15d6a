package dev.tocsin.rule;

import dev.tocsin.event.Change;

/** A part of a calculation that is true or false, as a closure. */
@FunctionalInterface
interface Condition {
  /**
   * Whether it is true of the change.
   *
   * @throws EvaluationFailure when the fields hold what it cannot be computed from
   */
  boolean holds(Change change);
}
