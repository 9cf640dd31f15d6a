package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.IntegrationId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where integration configurations are kept. */
public interface IntegrationConfigurations {
  /**
   * A page, newest first.
   *
   * @param destinationId those that lead there; null for all
   */
  Page<IntegrationConfiguration> list(
      OrganizationId organization, @Nullable String destinationId, PageRequest page);

  /** The one with this id. */
  Optional<IntegrationConfiguration> find(OrganizationId organization, IntegrationId id);

  /** Makes a new one, enabled, with version 1. */
  Written<IntegrationConfiguration> create(
      Author author, IntegrationId id, IntegrationConfiguration.Content content);

  /** Replaces the content of one, if it still has this version. */
  Written<IntegrationConfiguration> update(
      Author author, IntegrationId id, long version, IntegrationConfiguration.Content content);

  /** Enables one, whatever its version, which grows if that changes anything. */
  Written<IntegrationConfiguration> enable(Author author, IntegrationId id);

  /** Deletes one, whatever its version. */
  Written<IntegrationConfiguration> delete(Author author, IntegrationId id);
}
