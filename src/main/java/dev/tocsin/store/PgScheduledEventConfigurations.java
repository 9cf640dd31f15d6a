package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.api.ScheduledEventConfigurations;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** Scheduled event configurations in PostgreSQL. */
public final class PgScheduledEventConfigurations implements ScheduledEventConfigurations {
  private final Database database;
  private final CatalogChange<ScheduledEventConfiguration> change;
  private final int most;

  /**
   * Scheduled event configurations over a pool.
   *
   * @param most how many an organization may have
   */
  public PgScheduledEventConfigurations(Database database, int most) {
    this.database = database;
    this.change = new CatalogChange<>(database, PgScheduledEventConfigurations::read, most);
    this.most = most;
  }

  @Override
  public Page<ScheduledEventConfiguration> list(
      OrganizationId organization, List<UUID> ids, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(Rows.anyOf(ids, Function.identity()));
    return Rows.page(
        database.run("scheduledEventList", parameters), page, PgScheduledEventConfigurations::read);
  }

  @Override
  public Optional<ScheduledEventConfiguration> find(OrganizationId organization, UUID id) {
    return Rows.first(database.run("scheduledEventFind", Tuple.of(organization.value(), id)))
        .map(PgScheduledEventConfigurations::read);
  }

  @Override
  public Written<ScheduledEventConfiguration> create(
      Author author, UUID id, Content content, Set<CustomEntity> entities) {
    Tuple parameters =
        parameters(author, id, content).addValue(most).addValue(EntityHold.asRead(entities));
    return change.make("scheduledEventCreate", parameters, content.name().value()).orElseThrow();
  }

  @Override
  public Written<ScheduledEventConfiguration> update(
      Author author, UUID id, long version, Content content, Set<CustomEntity> entities) {
    Tuple parameters =
        parameters(author, id, content).addValue(version).addValue(EntityHold.asRead(entities));
    return change
        .make("scheduledEventUpdate", parameters, content.name().value())
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<ScheduledEventConfiguration> delete(Author author, UUID id) {
    return change
        .make(
            "scheduledEventDelete",
            RuleSetChange.parameters(author.organization())
                .addValue(id)
                .addValue(Rows.timestamp(author.now())))
        .orElseGet(() -> notChanged(author, id));
  }

  /** It is declared, or it is another by now, or gone. */
  private Written<ScheduledEventConfiguration> notChanged(Author author, UUID id) {
    return find(author.organization(), id)
        .<Written<ScheduledEventConfiguration>>map(there ->
            there.inFile()
                ? new Written.DeclaredInFile<>()
                : new Written.Stale<>(there.audit().version()))
        .orElseGet(Written.Missing::new);
  }

  private static Tuple parameters(Author author, UUID id, Content content) {
    Tuple parameters =
        RuleSetChange.parameters(author.organization())
            .addValue(id)
            .addValue(content.name().value())
            .addValue(content.entity())
            .addValue(content.field())
            .addValue(content.offset());
    return RuleSetChange.signed(parameters, author);
  }

  private static ScheduledEventConfiguration read(Row row) {
    return new ScheduledEventConfiguration(
        row.getUUID("id"),
        new Content(
            new EventName(row.getString("name")),
            row.getString("entity"),
            row.getString("field"),
            row.getInteger("offset_days")),
        row.getBoolean("declared"),
        Rows.audit(row));
  }
}
