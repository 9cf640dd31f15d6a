package dev.tocsin.api;

import io.vertx.core.http.HttpMethod;
import java.util.Objects;

/**
 * A management call: what is asked of a path, below the organization's.
 *
 * @param path without a leading slash; what begins with a colon stands for a part of the call's
 *     path
 * @param need the right that a caller must have
 * @param work what answers it, on a thread that may wait
 */
record Endpoint(HttpMethod method, String path, Need need, Work work) {
  Endpoint {
    Objects.requireNonNull(method);
    Objects.requireNonNull(path);
    Objects.requireNonNull(need);
    Objects.requireNonNull(work);
  }

  /** Answers a call. */
  @FunctionalInterface
  interface Work {
    Answer answer(Call call);
  }
}
