package dev.tocsin.rule;

import dev.tocsin.event.Change;
import org.jspecify.annotations.Nullable;

/** A part of a calculation that has a value, as a closure. */
@FunctionalInterface
interface Term {
  /**
   * Its value: of one of the classes {@link dev.tocsin.event.Payload} lists, or null.
   *
   * @throws EvaluationFailure when the fields hold what it cannot be computed from
   */
  @Nullable Object value(Change change);

  /** A value known when the calculation is built. */
  record Constant(@Nullable Object constant) implements Term {
    @Override
    public @Nullable Object value(Change change) {
      return constant;
    }
  }
}
