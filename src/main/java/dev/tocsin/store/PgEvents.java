package dev.tocsin.store;

import dev.tocsin.api.Events;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events in PostgreSQL.
 *
 * <p>A page begins below the last id of the page before. Commits become visible out of the order of
 * their ids, but each whole before it is acknowledged: what was acknowledged before the first page
 * is therefore seen by the read of every page, and is on the one that its id belongs to.
 */
public final class PgEvents implements Events {
  /** What the sessions of its pool need; {@code sql/event.sql} says why. */
  public static final Map<String, String> SESSION =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_sort", "off",
          "enable_seqscan", "off",
          "enable_bitmapscan", "off",
          "enable_hashjoin", "off",
          "enable_mergejoin", "off");

  private final Database database;

  /** Events over a pool with the session settings above. */
  public PgEvents(Database database) {
    this.database = database;
  }

  @Override
  public Page<StoredEvent> list(OrganizationId organization, Filter filter, PageRequest page) {
    Optional<UUID> rule = Optional.ofNullable(filter.notificationId()).flatMap(PgEvents::uuid);
    if (filter.notificationId() != null && rule.isEmpty()) {
      return new Page<>(List.of(), false);
    }
    Tuple parameters = parameters(organization, filter, page);
    String statement;
    if (!filter.ids().isEmpty()) {
      statement = "eventListOfIds";
      parameters
          .addValue(Rows.anyOf(filter.ids(), EventId::value))
          .addValue(rule.orElse(null))
          .addValue(filter.notificationCode());
    } else if (rule.isPresent() || filter.notificationCode() != null) {
      statement = "eventListOfRule";
      parameters.addValue(rule.orElse(null)).addValue(filter.notificationCode());
    } else {
      statement = "eventList";
    }
    return Rows.page(database.run(statement, parameters), page, row -> read(organization, row));
  }

  private static Tuple parameters(OrganizationId organization, Filter filter, PageRequest page) {
    return Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
        .addValue(filter.eventName())
        .addValue(filter.eventType())
        .addValue(filter.accountId())
        .addValue(filter.resourceId())
        .addValue(filter.includeActioned());
  }

  /** A text that is no UUID is the id of nothing. */
  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<StoredEvent> find(OrganizationId organization, EventId id) {
    return Rows.first(database.run("eventFind", Tuple.of(organization.value(), id.value())))
        .map(row -> read(organization, row));
  }

  private static StoredEvent read(OrganizationId organization, Row row) {
    @Nullable OffsetDateTime actioned = row.getOffsetDateTime("dt_actioned");
    return new StoredEvent(
        organization,
        new EventId(row.getUUID("id")),
        new EventName(row.getString("event_name")),
        Category.of(row.getString("event_type")),
        row.getOffsetDateTime("event_time").toInstant(),
        row.getString("resource_id"),
        row.getString("account_id"),
        row.getString("new"),
        row.getString("old"),
        actioned == null ? null : actioned.toInstant());
  }
}
