package dev.tocsin.evaluate;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/** An entity of an organization. */
public record EntityKey(OrganizationId organization, EntityRef entity) {
  public EntityKey {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(entity);
  }
}
