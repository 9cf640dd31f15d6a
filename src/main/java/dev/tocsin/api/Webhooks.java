package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Where webhooks are kept, with their credentials, which only go in. */
public interface Webhooks {
  /**
   * A page, newest first.
   *
   * @param ids those with one of these ids; empty for all
   */
  Page<Webhook> list(OrganizationId organization, List<WebhookId> ids, PageRequest page);

  /** The one with this id. */
  Optional<Webhook> find(OrganizationId organization, WebhookId id);

  /** Makes a new one, with version 1. */
  Written<Webhook> create(
      Author author,
      WebhookId id,
      UUID credentialsId,
      Webhook.Content content,
      Credentials credentials);

  /** Replaces the content of one, if it still has this version. */
  Written<Webhook> update(
      Author author,
      WebhookId id,
      long version,
      Webhook.Content content,
      Webhook.CredentialsChange credentials);

  /** Switches one on or off, whatever its version, which grows if that changes anything. */
  Written<Webhook> setActive(Author author, WebhookId id, boolean active);

  /** Deletes one, whatever its version. */
  Written<Webhook> delete(Author author, WebhookId id);
}
