package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where integration configurations are kept. */
public interface IntegrationConfigurations {
  /**
   * Which to list; null where it does not matter, and all that is given must hold. Upper and lower
   * case are the same.
   */
  record Filter(
      @Nullable String entityType,
      @Nullable String entityId,
      @Nullable String destination,
      @Nullable String destinationId) {
    /** Lists all. */
    public static final Filter ALL = new Filter(null, null, null, null);
  }

  /** A page, newest first. */
  Page<IntegrationConfiguration> list(OrganizationId organization, Filter filter, PageRequest page);

  /** Those that send a rule's notifications to a webhook, enabled or not, newest first. */
  List<IntegrationId> linking(
      OrganizationId organization, RuleId rule, WebhookId webhook, int most);

  /** The one with this id. */
  Optional<IntegrationConfiguration> find(OrganizationId organization, IntegrationId id);

  /** Makes a new one that is enabled. */
  default Written<IntegrationConfiguration> create(
      Author author, IntegrationId id, IntegrationConfiguration.Content content) {
    return create(author, id, content, true);
  }

  /** Makes a new one with version 1, which sends from now on, or does not yet. */
  Written<IntegrationConfiguration> create(
      Author author, IntegrationId id, IntegrationConfiguration.Content content, boolean enabled);

  /** Replaces the content of one, if it still has this version; it sends, or not, as before. */
  default Written<IntegrationConfiguration> update(
      Author author, IntegrationId id, long version, IntegrationConfiguration.Content content) {
    return update(author, id, version, content, null);
  }

  /**
   * Replaces the content of one, if it still has this version.
   *
   * @param enabled whether it is to send from now on; null when that stays as it is
   */
  Written<IntegrationConfiguration> update(
      Author author,
      IntegrationId id,
      long version,
      IntegrationConfiguration.Content content,
      @Nullable Boolean enabled);

  /** Enables one, whatever its version, which grows if that changes anything. */
  Written<IntegrationConfiguration> enable(Author author, IntegrationId id);

  /** Deletes one, whatever its version. */
  Written<IntegrationConfiguration> delete(Author author, IntegrationId id);
}
