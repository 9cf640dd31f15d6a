package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.Objects;

/**
 * Who changes something, and when.
 *
 * @param by what {@code createdBy} and {@code lastModifiedBy} will say
 */
public record Author(OrganizationId organization, String by, Instant now) {
  public Author {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(by);
    Objects.requireNonNull(now);
  }
}
