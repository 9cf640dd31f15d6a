package dev.tocsin.store;

import dev.tocsin.api.Events;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
  public Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
    RuleId id = filter.notificationId();
    @Nullable UUID rule = id == null ? null : id.value();
    Tuple parameters = parameters(viewer, filter, page);
    String statement;
    if (!filter.ids().isEmpty()) {
      statement = "eventListOfIds";
      parameters
          .addValue(Rows.anyOf(filter.ids(), EventId::value))
          .addValue(rule)
          .addValue(filter.notificationCode());
    } else if (rule != null || filter.notificationCode() != null) {
      statement = "eventListOfRule";
      parameters.addValue(rule).addValue(filter.notificationCode());
    } else {
      statement = "eventList";
    }
    return Rows.page(
        database.run(statement, parameters),
        page,
        row -> Rows.event(viewer.organization(), "id", row));
  }

  private static Tuple parameters(Viewer viewer, Filter filter, PageRequest page) {
    Instant from = filter.created().from();
    Instant to = filter.created().to();
    UUID above = EventId.floor(from == null ? Instant.EPOCH : from).value();
    UUID below = Rows.below(page);
    if (to != null) {
      below = Rows.lower(below, EventId.floor(to).value());
    }
    return Tuple.of(viewer.organization().value(), below, Rows.limit(page))
        .addValue(filter.eventName())
        .addValue(filter.eventType())
        .addValue(filter.accountId())
        .addValue(filter.resourceId())
        .addValue(filter.includeActioned())
        .addValue(above)
        .addValue(Rows.hidden(viewer));
  }

  @Override
  public Optional<StoredEvent> find(Viewer viewer, EventId id) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), id.value()).addValue(Rows.hidden(viewer));
    return Rows.first(database.run("eventFind", parameters))
        .map(row -> Rows.event(viewer.organization(), "id", row));
  }

  @Override
  public List<StoredEvent> action(
      Viewer viewer, Collection<EventId> ids, boolean actioned, Instant now) {
    UUID[] wanted = ids.stream().map(EventId::value).toArray(UUID[]::new);
    Tuple parameters =
        Tuple.of(viewer.organization().value())
            .addValue(wanted)
            .addValue(actioned)
            .addValue(Rows.timestamp(now))
            .addValue(Rows.hidden(viewer));
    List<StoredEvent> marked = new ArrayList<>();
    for (Row row : database.run("eventAction", parameters)) {
      marked.add(Rows.event(viewer.organization(), "id", row));
    }
    return marked;
  }
}
