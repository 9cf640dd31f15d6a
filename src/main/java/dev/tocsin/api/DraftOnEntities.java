package dev.tocsin.api;

import java.util.Objects;
import java.util.Set;

/**
 * What somebody wants saved, and the organization's own entities that must still be there when it
 * is: it names them.
 */
record DraftOnEntities<C>(C content, Set<String> entities) {
  DraftOnEntities {
    Objects.requireNonNull(content);
    entities = Set.copyOf(entities);
  }
}
