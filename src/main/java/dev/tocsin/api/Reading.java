package dev.tocsin.api;

import java.util.Objects;

/** What reading a part of a request came to. */
sealed interface Reading<T> {
  /** It is as it has to be. */
  record Good<T>(T value) implements Reading<T> {
    public Good {
      Objects.requireNonNull(value);
    }
  }

  /** It is not; this is the answer. */
  record Bad<T>(ApiError error) implements Reading<T> {
    public Bad {
      Objects.requireNonNull(error);
    }
  }
}
