package dev.tocsin.api;

import java.time.Instant;
import java.util.Objects;

/** An access key as the API shows it, which is without its secret. */
public record ShownAccessKey(String key, Instant created, String createdBy) {
  public ShownAccessKey {
    Objects.requireNonNull(key);
    Objects.requireNonNull(created);
    Objects.requireNonNull(createdBy);
  }
}
