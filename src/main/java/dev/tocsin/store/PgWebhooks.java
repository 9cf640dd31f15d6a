package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Webhook;
import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.api.Webhooks;
import dev.tocsin.api.Written;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Webhooks in PostgreSQL, their credentials sealed before they leave the server. */
public final class PgWebhooks implements Webhooks {
  private final Database database;
  private final CredentialsSeal seal;
  private final RuleSetChange<Webhook> change;

  /** Webhooks over a pool. */
  public PgWebhooks(Database database, CredentialsSeal seal) {
    this.database = database;
    this.seal = seal;
    this.change = new RuleSetChange<>(database, PgWebhooks::read);
  }

  @Override
  public Page<Webhook> list(OrganizationId organization, List<WebhookId> ids, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(Rows.anyOf(ids, WebhookId::value));
    return Rows.page(database.run("webhookList", parameters), page, PgWebhooks::read);
  }

  @Override
  public Optional<Webhook> find(OrganizationId organization, WebhookId id) {
    return row(organization, id).map(PgWebhooks::read);
  }

  private Optional<Row> row(OrganizationId organization, WebhookId id) {
    return Rows.first(database.run("webhookFind", Tuple.of(organization.value(), id.value())));
  }

  @Override
  public Written<Webhook> create(
      Author author,
      WebhookId id,
      UUID credentialsId,
      Webhook.Content content,
      Credentials credentials) {
    Tuple parameters = parameters(author.organization(), id, content);
    addCredentials(parameters, author.organization(), id, credentials);
    RuleSetChange.signed(parameters, author).addValue(credentialsId);
    return change.make("webhookCreate", parameters, content.code()).orElseThrow();
  }

  @Override
  public Written<Webhook> update(
      Author author,
      WebhookId id,
      long version,
      Webhook.Content content,
      CredentialsChange credentials) {
    Tuple parameters = parameters(author.organization(), id, content);
    switch (credentials) {
      case CredentialsChange.Keep keep -> parameters.addValue(null).addValue(null);
      case CredentialsChange.Replace replace ->
          addCredentials(parameters, author.organization(), id, replace.credentials());
    }
    RuleSetChange.signed(parameters, author).addValue(version);
    return change
        .make("webhookUpdate", parameters, content.code())
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<Webhook> setActive(Author author, WebhookId id, boolean active) {
    Tuple parameters =
        RuleSetChange.parameters(author.organization()).addValue(id.value()).addValue(active);
    return change
        .make("webhookSetActive", RuleSetChange.signed(parameters, author))
        .or(() -> row(author.organization(), id).map(this::asItIs))
        .orElseGet(Written.Missing::new);
  }

  @Override
  public Written<Webhook> delete(Author author, WebhookId id) {
    Tuple parameters = RuleSetChange.parameters(author.organization()).addValue(id.value());
    return change.make("webhookDelete", parameters).orElseGet(() -> notChanged(author, id));
  }

  private Written<Webhook> asItIs(Row row) {
    return row.getBoolean("declared") ? new Written.DeclaredInFile<>() : change.done(row);
  }

  /** It is declared, or it is another by now, or gone. */
  private Written<Webhook> notChanged(Author author, WebhookId id) {
    return find(author.organization(), id)
        .map(there -> RuleSetChange.<Webhook>notChanged(there.inFile(), there.audit()))
        .orElseGet(Written.Missing::new);
  }

  private static Tuple parameters(
      OrganizationId organization, WebhookId id, Webhook.Content content) {
    return RuleSetChange.parameters(organization)
        .addValue(id.value())
        .addValue(content.code())
        .addValue(content.name())
        .addValue(content.description())
        .addValue(content.url().toString())
        .addValue(content.active())
        .addValue(content.credentialsName());
  }

  private void addCredentials(
      Tuple parameters, OrganizationId organization, WebhookId id, Credentials credentials) {
    parameters
        .addValue(credentials instanceof Credentials.Unsigned)
        .addValue(Buffer.buffer(seal.seal(organization, id, credentials)));
  }

  private static Webhook read(Row row) {
    return new Webhook(
        new WebhookId(row.getUUID("id")),
        new Webhook.Content(
            row.getString("code"),
            row.getString("name"),
            row.getString("description"),
            URI.create(row.getString("url")),
            row.getBoolean("active"),
            row.getString("credentials_name")),
        row.getUUID("credentials_id"),
        row.getBoolean("credentials_empty"),
        row.getBoolean("declared"),
        Rows.audit(row));
  }
}
