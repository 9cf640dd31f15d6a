package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.IntegrationConfiguration;
import dev.tocsin.api.IntegrationConfigurations;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Written;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Integration configurations in PostgreSQL. */
public final class PgIntegrationConfigurations implements IntegrationConfigurations {
  private final Database database;
  private final RuleSetChange<IntegrationConfiguration> change;

  /** Integration configurations over a pool. */
  public PgIntegrationConfigurations(Database database) {
    this.database = database;
    this.change = new RuleSetChange<>(database, PgIntegrationConfigurations::read);
  }

  @Override
  public Page<IntegrationConfiguration> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(filter.entityType())
            .addValue(filter.entityId())
            .addValue(filter.destination())
            .addValue(filter.destinationId());
    return Rows.page(
        database.run("integrationConfigurationList", parameters),
        page,
        PgIntegrationConfigurations::read);
  }

  @Override
  public List<IntegrationId> linking(
      OrganizationId organization, RuleId rule, WebhookId webhook, int most) {
    List<IntegrationId> ids = new ArrayList<>();
    for (Row row :
        database.run(
            "integrationConfigurationLinking",
            Tuple.of(organization.value(), rule.value(), webhook.value(), (long) most))) {
      ids.add(new IntegrationId(row.getUUID("id")));
    }
    return ids;
  }

  @Override
  public Optional<IntegrationConfiguration> find(OrganizationId organization, IntegrationId id) {
    return row(organization, id).map(PgIntegrationConfigurations::read);
  }

  private Optional<Row> row(OrganizationId organization, IntegrationId id) {
    return Rows.first(
        database.run("integrationConfigurationFind", Tuple.of(organization.value(), id.value())));
  }

  @Override
  public Written<IntegrationConfiguration> create(
      Author author, IntegrationId id, IntegrationConfiguration.Content content, boolean enabled) {
    return change
        .make("integrationConfigurationCreate", parameters(author, id, content).addValue(enabled))
        .orElseThrow();
  }

  @Override
  public Written<IntegrationConfiguration> update(
      Author author,
      IntegrationId id,
      long version,
      IntegrationConfiguration.Content content,
      @Nullable Boolean enabled) {
    Tuple parameters = parameters(author, id, content).addValue(version).addValue(enabled);
    return change
        .make("integrationConfigurationUpdate", parameters)
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<IntegrationConfiguration> enable(Author author, IntegrationId id) {
    Tuple parameters = RuleSetChange.parameters(author.organization()).addValue(id.value());
    return change
        .make("integrationConfigurationEnable", RuleSetChange.signed(parameters, author))
        .or(() -> row(author.organization(), id).map(change::done))
        .orElseGet(Written.Missing::new);
  }

  @Override
  public Written<IntegrationConfiguration> delete(Author author, IntegrationId id) {
    Tuple parameters = RuleSetChange.parameters(author.organization()).addValue(id.value());
    return change
        .make("integrationConfigurationDelete", parameters)
        .orElseGet(() -> notChanged(author, id));
  }

  /** It is declared, or it is another by now, or gone. */
  private Written<IntegrationConfiguration> notChanged(Author author, IntegrationId id) {
    return find(author.organization(), id)
        .map(there ->
            RuleSetChange.<IntegrationConfiguration>notChanged(there.inFile(), there.audit()))
        .orElseGet(Written.Missing::new);
  }

  private static Tuple parameters(
      Author author, IntegrationId id, IntegrationConfiguration.Content content) {
    Tuple parameters =
        RuleSetChange.parameters(author.organization())
            .addValue(id.value())
            .addValue(content.entityType())
            .addValue(content.entityId())
            .addValue(content.destination())
            .addValue(content.destinationId())
            .addValue(content.configData())
            .addValue(content.name())
            .addValue(content.integrationCredentialsId());
    return RuleSetChange.signed(parameters, author);
  }

  private static IntegrationConfiguration read(Row row) {
    return new IntegrationConfiguration(
        new IntegrationId(row.getUUID("id")),
        new IntegrationConfiguration.Content(
            row.getString("entity_type"),
            row.getString("entity_id"),
            row.getString("destination"),
            row.getString("destination_id"),
            row.getString("config_data"),
            row.getString("name"),
            row.getString("integration_credentials_id")),
        row.getBoolean("enabled"),
        row.getBoolean("declared"),
        Rows.audit(row));
  }
}
