package dev.tocsin.api;

import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

final class MemoryWebhooks implements Webhooks {
  private final MemoryResources<Webhook> stored;
  private final Map<WebhookId, Credentials> credentials = new ConcurrentHashMap<>();

  MemoryWebhooks(AtomicLong ruleSetVersion) {
    stored = new MemoryResources<>(Webhook::audit, one -> one.content().code(), ruleSetVersion);
  }

  @Override
  public Page<Webhook> list(OrganizationId organization, List<WebhookId> ids, PageRequest page) {
    return stored.list(organization, page, one -> ids.isEmpty() || ids.contains(one.id()));
  }

  @Override
  public Optional<Webhook> find(OrganizationId organization, WebhookId id) {
    return stored.find(organization, id.value());
  }

  @Override
  public Written<Webhook> create(
      Author author, WebhookId id, UUID credentialsId, Webhook.Content content, Credentials given) {
    Written<Webhook> written =
        stored.create(
            author,
            id.value(),
            audit -> new Webhook(id, content, credentialsId, isEmpty(given), false, audit));
    if (written instanceof Written.Done<Webhook>) {
      credentials.put(id, given);
    }
    return written;
  }

  @Override
  public Written<Webhook> update(
      Author author,
      WebhookId id,
      long version,
      Webhook.Content content,
      CredentialsChange change) {
    Credentials next =
        switch (change) {
          case CredentialsChange.Keep() -> credentials.getOrDefault(id, new Credentials.Unsigned());
          case CredentialsChange.Replace(Credentials given) -> given;
        };
    Written<Webhook> written =
        stored.change(
            author,
            id.value(),
            version,
            changing ->
                new Webhook(
                    id,
                    content,
                    changing.before().credentialsId(),
                    isEmpty(next),
                    false,
                    changing.audit()));
    if (written instanceof Written.Done<Webhook>) {
      credentials.put(id, next);
    }
    return written;
  }

  @Override
  public Written<Webhook> setActive(Author author, WebhookId id, boolean active) {
    return stored.change(
        author,
        id.value(),
        null,
        changing -> {
          Webhook before = changing.before();
          Webhook.Content content = before.content();
          if (content.active() == active) {
            return before;
          }
          return new Webhook(
              id,
              new Webhook.Content(
                  content.code(),
                  content.name(),
                  content.description(),
                  content.url(),
                  active,
                  content.credentialsName()),
              before.credentialsId(),
              before.credentialsEmpty(),
              false,
              changing.audit());
        });
  }

  @Override
  public Written<Webhook> delete(Author author, WebhookId id) {
    return stored.delete(author, id.value());
  }

  Credentials credentials(UUID id) {
    return Objects.requireNonNull(credentials.get(new WebhookId(id)));
  }

  String contents() {
    return stored.contents();
  }

  private static boolean isEmpty(Credentials credentials) {
    return switch (credentials) {
      case Credentials.Unsigned() -> true;
      case Credentials.Signed signed -> false;
    };
  }
}
