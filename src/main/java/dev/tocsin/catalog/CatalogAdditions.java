package dev.tocsin.catalog;

import java.util.List;

/**
 * What an organization's catalog has besides the event types that every organization has.
 *
 * @param version grows with each change
 * @param open whether events of any name are accepted
 */
public record CatalogAdditions(
    long version, boolean open, List<CustomEntity> entities, List<ScheduledName> scheduled) {
  public CatalogAdditions {
    entities = List.copyOf(entities);
    scheduled = List.copyOf(scheduled);
  }
}
