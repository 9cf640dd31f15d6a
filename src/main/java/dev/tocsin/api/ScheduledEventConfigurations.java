package dev.tocsin.api;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where scheduled event configurations are kept. */
public interface ScheduledEventConfigurations {
  /** A page, newest first; of those with these ids, if any are given. */
  Page<ScheduledEventConfiguration> list(
      OrganizationId organization, List<UUID> ids, PageRequest page);

  /** The one with this id. */
  Optional<ScheduledEventConfiguration> find(OrganizationId organization, UUID id);

  /** Makes a new one with version 1. */
  Written<ScheduledEventConfiguration> create(Author author, UUID id, Content content);

  /** Replaces the content of one, if it still has this version. */
  Written<ScheduledEventConfiguration> update(
      Author author, UUID id, long version, Content content);

  /** Deletes one, whatever its version. */
  Written<ScheduledEventConfiguration> delete(Author author, UUID id);
}
