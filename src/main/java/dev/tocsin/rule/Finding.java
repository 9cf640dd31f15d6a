package dev.tocsin.rule;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What became of a part of a calculation when it was evaluated. */
public sealed interface Finding {
  /**
   * It has a value.
   *
   * @param value of one of the classes {@link dev.tocsin.event.Payload} lists, or null
   */
  record Known(@Nullable Object value) implements Finding {}

  /**
   * It could not be computed, or a part of it could not.
   *
   * @param reason as {@link Outcome.Failed} has it
   */
  record Failed(String reason) implements Finding {
    public Failed {
      Objects.requireNonNull(reason);
    }
  }

  /** It was not needed, since what stands before it had decided. */
  enum Skipped implements Finding {
    INSTANCE
  }
}
