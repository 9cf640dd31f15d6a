package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Webhooks, at {@code integrationdestinations/webhooks}. */
final class WebhookResource implements Resource<Webhook, WebhookDraft> {
  private final Webhooks store;
  private final Ids ids;

  /**
   * Webhooks of a store.
   *
   * @param ids for the credentials made with a webhook
   */
  WebhookResource(Webhooks store, Ids ids) {
    this.store = store;
    this.ids = ids;
  }

  @Override
  public Kind kind() {
    return Kind.WEBHOOK;
  }

  @Override
  public String path() {
    return "integrationdestinations/webhooks";
  }

  @Override
  public int pageSizeMax() {
    return 200;
  }

  @Override
  public UUID idOf(Webhook resource) {
    return resource.id().value();
  }

  @Override
  public void append(JsonText out, Webhook resource) {
    WebhookJson.append(out, resource);
  }

  @Override
  public Listing<Webhook> listing(Query query) {
    List<WebhookId> wanted = query.ids("ids").stream().map(WebhookId::new).toList();
    return (organization, page) -> store.list(organization, wanted, page);
  }

  @Override
  public Reading<WebhookDraft> read(
      Viewer author, JsonProperties properties, @Nullable UUID replaced) {
    return WebhookJson.read(properties, replaced == null);
  }

  @Override
  public Optional<Webhook> find(OrganizationId organization, UUID id) {
    return store.find(organization, new WebhookId(id));
  }

  @Override
  public Written<Webhook> create(Author author, UUID id, WebhookDraft draft) {
    return switch (draft.credentials()) {
      case CredentialsChange.Replace(Credentials credentials) ->
          store.create(author, new WebhookId(id), ids.next(), draft.content(), credentials);
      case CredentialsChange.Keep keep ->
          throw new IllegalStateException("a new webhook has no credentials to keep");
    };
  }

  @Override
  public Written<Webhook> update(Author author, UUID id, long version, WebhookDraft draft) {
    return store.update(author, new WebhookId(id), version, draft.content(), draft.credentials());
  }

  @Override
  public Written<Webhook> delete(Author author, UUID id) {
    return store.delete(author, new WebhookId(id));
  }

  @Override
  public List<Action<Webhook>> actions() {
    return List.of(new Action<>(HttpMethod.PUT, "active", this::setActive));
  }

  private Change<Webhook> setActive(Query query) {
    boolean active = query.requiredFlag("active");
    return (id, author) -> store.setActive(author, new WebhookId(id), active);
  }
}
