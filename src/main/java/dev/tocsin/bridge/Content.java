package dev.tocsin.bridge;

import java.util.Objects;

/** The body of a message, as a client sent it. */
sealed interface Content {
  /** A JSON object, which may say itself who sends it. */
  @SuppressWarnings("ArrayRecordComponent") // lives for one message, compared by nobody
  record Json(byte[] bytes) implements Content {
    public Json {
      Objects.requireNonNull(bytes);
    }
  }

  /** A text: the body of a request as HTTP has it, who sends it being said beside it. */
  record Text(String text) implements Content {
    public Text {
      Objects.requireNonNull(text);
    }
  }

  /** Nothing that could be one. */
  record None() implements Content {}
}
