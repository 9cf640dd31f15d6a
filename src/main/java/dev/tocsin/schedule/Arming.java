package dev.tocsin.schedule;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The walk through the states of a configuration's entity, at the place where it was taken.
 *
 * @param number the configuration's arming: appointments of an earlier one do not count any more
 * @param after the entity whose state was the last that was dealt with; null at the beginning
 * @param walked whether it went through all states, and now goes through the appointments that are
 *     left of earlier armings
 * @param scanned how many states it went through so far
 * @param armed how many appointments it made
 * @param skipped how many of their dates were over
 */
public record Arming(
    OrganizationId organization,
    UUID configuration,
    long number,
    @Nullable String after,
    boolean walked,
    long scanned,
    long armed,
    long skipped,
    Instant started) {
  public Arming {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(configuration);
    Objects.requireNonNull(started);
  }

  /** Whether there can be no appointments of an earlier one. */
  boolean isFirst() {
    return number == 1;
  }
}
