package dev.tocsin.store;

import dev.tocsin.api.Events;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
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

  /**
   * How many rows a list with filters looks at before it goes by the index of keys. What one event
   * in thirty has fills the largest page on the way; what is rarer costs a millisecond or two more.
   */
  private static final int WALK = 3_000;

  /**
   * What a rule fired on costs a look-up each, as much as it costs to walk by so many events. A
   * rule that fired on fewer than are worth one walk is rarer than any account.
   */
  private static final int OF_RULE = 10;

  private final Database database;
  private final Horizon horizon;
  private final long walk;

  /** Events over a pool with the session settings above, as far back as they are kept. */
  public PgEvents(Database database, Horizon horizon) {
    this(database, horizon, WALK);
  }

  /** Events of which a list with filters looks at so many before it goes by the index of keys. */
  PgEvents(Database database, Horizon horizon, int walk) {
    this.database = database;
    this.horizon = horizon;
    this.walk = walk;
  }

  /**
   * What the index of keys finds events by.
   *
   * @param kind as {@code event_key} numbers them
   */
  private record Key(int kind, String value) {
    /** Those of entities and accounts are, of which there are many. */
    boolean isCoarse() {
      return kind <= 2;
    }
  }

  /** A filter's bounds: ids below one, and not below the other. */
  private record Bounds(UUID below, UUID lowest) {}

  @Override
  public Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
    Bounds bounds = bounds(viewer, filter, page);
    Key key = filter.ids().isEmpty() ? rarest(filter) : null;
    List<Row> rows = new ArrayList<>();
    if (key == null) {
      walk(viewer, filter, page, bounds, way(filter)).forEach(rows::add);
    } else {
      Row end = walkEnd(viewer, filter, bounds);
      boolean rare = end.getBoolean("rule_is_rare");
      UUID stop = rare ? null : end.getUUID("lowest");
      Bounds near = stop == null ? bounds : new Bounds(bounds.below(), stop);
      walk(
              viewer,
              filter,
              page,
              near,
              rare || !hasRule(filter) ? way(filter) : "eventListTriggered")
          .forEach(rows::add);
      UUID oldest = end.getUUID("oldest");
      if (stop != null && oldest != null && rows.size() < Rows.limit(page)) {
        Bounds rest = new Bounds(stop, Rows.higher(bounds.lowest(), oldest));
        leap(viewer, filter, key, rest, Rows.limit(page) - rows.size()).forEach(rows::add);
      }
    }
    return Rows.page(rows, page, row -> Rows.event(viewer.organization(), "id", row));
  }

  /** The filter that most likely keeps the fewest events; null when there is none to go by. */
  private static @Nullable Key rarest(Filter filter) {
    if (filter.resourceId() != null) {
      return new Key(1, filter.resourceId());
    }
    if (filter.accountId() != null) {
      return new Key(2, filter.accountId());
    }
    if (hasRule(filter)) {
      // What it fired on has one event name, and is the rarer filter.
      return null;
    }
    if (filter.eventName() != null) {
      return new Key(3, filter.eventName());
    }
    return filter.eventType() == null ? null : new Key(4, filter.eventType());
  }

  private Bounds bounds(Viewer viewer, Filter filter, PageRequest page) {
    Instant from = filter.created().from();
    Instant to = filter.created().to();
    UUID below = Rows.below(page);
    UUID oldest = oldest(viewer);
    return new Bounds(
        to == null ? below : Rows.lower(below, EventId.floor(to).value()),
        from == null ? oldest : Rows.higher(oldest, EventId.floor(from).value()));
  }

  private UUID oldest(Viewer viewer) {
    return horizon.of(viewer.organization()).value();
  }

  /** Where a walk is to end, what the oldest event is, and whether to go by the rule instead. */
  private Row walkEnd(Viewer viewer, Filter filter, Bounds bounds) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), bounds.below(), bounds.lowest())
            .addValue(walk)
            .addValue(rule(filter))
            .addValue(filter.notificationCode())
            .addValue(walk / OF_RULE);
    return database.run("eventWalk", parameters).iterator().next();
  }

  /** The statement for what a filter without a key names: events, a rule's or all. */
  private static String way(Filter filter) {
    if (!filter.ids().isEmpty()) {
      return "eventListOfIds";
    }
    return hasRule(filter) ? "eventListOfRule" : "eventList";
  }

  /** Looks at one event after the other, the newest first. */
  private RowSet<Row> walk(
      Viewer viewer, Filter filter, PageRequest page, Bounds bounds, String statement) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), bounds.below(), Rows.limit(page))
            .addValue(filter.eventName())
            .addValue(filter.eventType())
            .addValue(filter.accountId())
            .addValue(filter.resourceId())
            .addValue(filter.includeActioned())
            .addValue(bounds.lowest())
            .addValue(Rows.hidden(viewer));
    if (!filter.ids().isEmpty()) {
      parameters.addValue(Rows.anyOf(filter.ids(), EventId::value));
    }
    if (!filter.ids().isEmpty() || hasRule(filter)) {
      parameters.addValue(rule(filter)).addValue(filter.notificationCode());
    }
    return database.run(statement, parameters);
  }

  /** Looks at the events that have a key, the newest first. */
  private RowSet<Row> leap(Viewer viewer, Filter filter, Key key, Bounds bounds, long limit) {
    Stretches stretches = Stretches.between(bounds.lowest(), bounds.below(), key.isCoarse());
    Tuple parameters =
        Tuple.of(viewer.organization().value(), key.kind(), key.value())
            .addValue(stretches.floors().toArray(UUID[]::new))
            .addValue(stretches.ceilings().toArray(UUID[]::new))
            .addValue(limit)
            .addValue(filter.eventName())
            .addValue(filter.eventType())
            .addValue(filter.accountId())
            .addValue(filter.resourceId())
            .addValue(filter.includeActioned())
            .addValue(Rows.hidden(viewer))
            .addValue(rule(filter))
            .addValue(filter.notificationCode());
    return database.run("eventListByKey", parameters);
  }

  private static boolean hasRule(Filter filter) {
    return filter.notificationId() != null || filter.notificationCode() != null;
  }

  private static @Nullable UUID rule(Filter filter) {
    RuleId id = filter.notificationId();
    return id == null ? null : id.value();
  }

  @Override
  public Optional<StoredEvent> find(Viewer viewer, EventId id) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), id.value())
            .addValue(Rows.hidden(viewer))
            .addValue(oldest(viewer));
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
            .addValue(Rows.hidden(viewer))
            .addValue(oldest(viewer));
    List<StoredEvent> marked = new ArrayList<>();
    for (Row row : database.run("eventAction", parameters)) {
      marked.add(Rows.event(viewer.organization(), "id", row));
    }
    return marked;
  }
}
