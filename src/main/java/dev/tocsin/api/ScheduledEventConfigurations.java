package dev.tocsin.api;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Where scheduled event configurations are kept. */
public interface ScheduledEventConfigurations {
  /** A page, newest first; of those with these ids, if any are given. */
  Page<ScheduledEventConfiguration> list(
      OrganizationId organization, List<UUID> ids, PageRequest page);

  /** The one with this id. */
  Optional<ScheduledEventConfiguration> find(OrganizationId organization, UUID id);

  /**
   * Makes a new one, with version 1.
   *
   * @param entities those of the organization's own that it names, as they were read: {@link
   *     Written.EntityGone} or {@link Written.EntityChanged} when one of them is so no more
   */
  Written<ScheduledEventConfiguration> create(
      Author author, UUID id, Content content, Set<CustomEntity> entities);

  /** Makes a new one that names no entity of the organization's own. */
  default Written<ScheduledEventConfiguration> create(Author author, UUID id, Content content) {
    return create(author, id, content, Set.of());
  }

  /**
   * Replaces the content of one, if it still has this version.
   *
   * @param entities those of the organization's own that it names and did not name before
   */
  Written<ScheduledEventConfiguration> update(
      Author author, UUID id, long version, Content content, Set<CustomEntity> entities);

  /** Replaces the content of one by what names no further entity of the organization's own. */
  default Written<ScheduledEventConfiguration> update(
      Author author, UUID id, long version, Content content) {
    return update(author, id, version, content, Set.of());
  }

  /** Deletes one, whatever its version. */
  Written<ScheduledEventConfiguration> delete(Author author, UUID id);
}
