package dev.tocsin.rule;

import java.util.Objects;

/** What a calculation said of one change. */
public sealed interface Outcome {
  /** The calculation is true. */
  enum Fires implements Outcome {
    INSTANCE
  }

  /** The calculation is false, or null, which counts as false. */
  enum DoesNotFire implements Outcome {
    INSTANCE
  }

  /**
   * The calculation could not be computed from what the fields hold. Its author should see it; the
   * event and the other rules are not concerned.
   *
   * @param reason for the author: names operators and kinds of values, never a value
   */
  record Failed(String reason) implements Outcome {
    public Failed {
      Objects.requireNonNull(reason);
    }
  }

  /** Fires or does not; both are shared instances. */
  static Outcome of(boolean fires) {
    return fires ? Fires.INSTANCE : DoesNotFire.INSTANCE;
  }
}
