package dev.tocsin.stream;

import java.util.Objects;

/** What asking for a subscription came to. */
public sealed interface Opening {
  /** There is room, and a place to begin at. */
  record Ready(Streams.Beginning beginning) implements Opening {
    public Ready {
      Objects.requireNonNull(beginning);
    }
  }

  /** The event after which to begin is not there, or hidden, or another organization's. */
  record Unknown() implements Opening {}

  /** There are as many subscriptions as there may be. */
  record Full(Scope scope) implements Opening {
    public Full {
      Objects.requireNonNull(scope);
    }

    /** Whose bound was reached. */
    public enum Scope {
      ORGANIZATION,
      SERVER
    }
  }
}
