package dev.tocsin.evaluate;

import java.util.Collection;
import java.util.Map;

/** Where the last known states of entities are kept. */
public interface EntityStates {
  /**
   * The states of these entities; one that no event was ever stored about is missing.
   *
   * @throws LedgerException.Unavailable when the store cannot be reached
   */
  Map<EntityKey, EntityState> read(Collection<EntityKey> entities);
}
