package dev.tocsin.api;

import java.util.Objects;

/** What a caller is told. */
public sealed interface Answer permits Answer.Ok, ApiError {
  /** The call succeeded: status 200 with this JSON. */
  record Ok(String json) implements Answer {
    public Ok {
      Objects.requireNonNull(json);
    }
  }
}
