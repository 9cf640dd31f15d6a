package dev.tocsin.rule;

import dev.tocsin.event.Change;

/**
 * A part of a calculation that is true or false, as a closure.
 *
 * <p>Public only because a compiled calculation, which implements it, is first seen by the class
 * loader that compiles it; nothing outside of this package has one.
 */
@FunctionalInterface
public interface Condition {
  /**
   * Whether it is true of the change.
   *
   * @throws RuntimeException {@code EvaluationFailure}, when the fields hold what it cannot be
   *     computed from
   */
  boolean holds(Change change);
}
