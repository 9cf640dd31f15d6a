package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.NotificationConfigurations;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.Set;

/** Notification configurations in PostgreSQL. */
public final class PgNotificationConfigurations implements NotificationConfigurations {
  private final Database database;
  private final RuleSetChange<NotificationConfiguration> change;

  /** Notification configurations over a pool. */
  public PgNotificationConfigurations(Database database) {
    this.database = database;
    this.change = new RuleSetChange<>(database, PgNotificationConfigurations::read);
  }

  @Override
  public Page<NotificationConfiguration> list(
      OrganizationId organization, Filter filter, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(filter.active())
            .addValue(filter.eventName() == null ? null : filter.eventName().value())
            .addValue(Rows.anyOf(filter.ids(), RuleId::value));
    return Rows.page(
        database.run("notificationConfigurationList", parameters),
        page,
        PgNotificationConfigurations::read);
  }

  @Override
  public Optional<NotificationConfiguration> find(OrganizationId organization, RuleId id) {
    return Rows.first(
            database.run(
                "notificationConfigurationFind", Tuple.of(organization.value(), id.value())))
        .map(PgNotificationConfigurations::read);
  }

  @Override
  public Written<NotificationConfiguration> create(
      Author author,
      RuleId id,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities) {
    return change
        .make(
            "notificationConfigurationCreate",
            parameters(author, id, content).addValue(EntityHold.asRead(entities)),
            content.code())
        .orElseThrow();
  }

  @Override
  public Written<NotificationConfiguration> update(
      Author author,
      RuleId id,
      long version,
      NotificationConfiguration.Content content,
      Set<CustomEntity> entities) {
    Tuple parameters =
        parameters(author, id, content).addValue(version).addValue(EntityHold.asRead(entities));
    return change
        .make("notificationConfigurationUpdate", parameters, content.code())
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<NotificationConfiguration> delete(Author author, RuleId id) {
    Tuple parameters = RuleSetChange.parameters(author.organization()).addValue(id.value());
    return change
        .make("notificationConfigurationDelete", parameters)
        .orElseGet(() -> notChanged(author, id));
  }

  /** It is declared, or it is another by now, or gone. */
  private Written<NotificationConfiguration> notChanged(Author author, RuleId id) {
    return find(author.organization(), id)
        .map(there ->
            RuleSetChange.<NotificationConfiguration>notChanged(there.inFile(), there.audit()))
        .orElseGet(Written.Missing::new);
  }

  private static Tuple parameters(
      Author author, RuleId id, NotificationConfiguration.Content content) {
    Tuple parameters =
        RuleSetChange.parameters(author.organization())
            .addValue(id.value())
            .addValue(content.code())
            .addValue(content.name())
            .addValue(content.description())
            .addValue(content.eventName().value())
            .addValue(content.active())
            .addValue(content.alwaysFireEvent())
            .addValue(content.calculation());
    return RuleSetChange.signed(parameters, author);
  }

  private static NotificationConfiguration read(Row row) {
    return new NotificationConfiguration(
        new RuleId(row.getUUID("id")),
        new NotificationConfiguration.Content(
            row.getString("code"),
            row.getString("name"),
            row.getString("description"),
            new EventName(row.getString("event_name")),
            row.getBoolean("active"),
            row.getBoolean("always_fire_event"),
            row.getString("calculation")),
        row.getBoolean("declared"),
        Rows.audit(row));
  }
}
