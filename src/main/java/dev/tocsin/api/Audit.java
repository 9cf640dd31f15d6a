package dev.tocsin.api;

import java.time.Instant;
import java.util.Objects;

/**
 * Who made and last changed a resource, and when.
 *
 * @param version 1 for a new one, and one more with each change
 * @param createdBy the id of the service user, or {@code system}
 */
public record Audit(
    long version, Instant created, Instant lastModified, String createdBy, String lastModifiedBy) {
  public Audit {
    Objects.requireNonNull(created);
    Objects.requireNonNull(lastModified);
    Objects.requireNonNull(createdBy);
    Objects.requireNonNull(lastModifiedBy);
    if (version < 1) {
      throw new IllegalArgumentException("a version counts from 1, and is " + version);
    }
  }
}
