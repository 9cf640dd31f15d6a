package dev.tocsin.api;

import dev.tocsin.catalog.CustomEntity;
import java.util.Objects;
import java.util.Set;

/**
 * What somebody wants saved, and the organization's own entities that it names: they must be there,
 * as they were when it was checked, when it is saved.
 */
record DraftOnEntities<C>(C content, Set<CustomEntity> entities) {
  DraftOnEntities {
    Objects.requireNonNull(content);
    entities = Set.copyOf(entities);
  }
}
