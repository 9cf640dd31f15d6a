package dev.tocsin.event;

import java.util.Objects;

/**
 * Which entity an event is about.
 *
 * @param entity the entity type as the catalog names it, such as {@code Commitment}
 * @param id the entity's own id
 */
public record EntityRef(String entity, String id) {
  public EntityRef {
    Objects.requireNonNull(entity);
    Objects.requireNonNull(id);
  }
}
