package dev.tocsin.api;

import java.util.Objects;

/** What a caller is told. */
public sealed interface Answer permits Answer.Ok, Answer.Accepted, ApiError {
  /** The call succeeded: status 200 with this JSON. */
  record Ok(String json) implements Answer {
    public Ok {
      Objects.requireNonNull(json);
    }
  }

  /** What was asked for has begun, and goes on by itself: status 202 with this JSON. */
  record Accepted(String json) implements Answer {
    public Accepted {
      Objects.requireNonNull(json);
    }
  }
}
