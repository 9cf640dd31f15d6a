package dev.tocsin.ingest;

import dev.tocsin.catalog.FieldType;
import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.Objects;

/**
 * A field that an event was seen to have.
 *
 * @param subject the entity, or the name of the event, when it changes none
 * @param path where in the state, with dots between the steps
 */
public record SeenField(
    OrganizationId organization, String subject, String path, FieldType type, Instant at) {
  public SeenField {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(subject);
    Objects.requireNonNull(path);
    Objects.requireNonNull(type);
    Objects.requireNonNull(at);
  }
}
