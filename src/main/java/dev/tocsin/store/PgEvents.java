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
    /** Those of entities, accounts and rules are, of which there are many. */
    boolean isCoarse() {
      return kind <= 3;
    }
  }

  /** A filter's bounds: ids below one, and not below the other. */
  private record Bounds(UUID below, UUID lowest) {}

  @Override
  public Page<StoredEvent> list(Viewer viewer, Filter filter, PageRequest page) {
    UUID rule = hasRule(filter) ? rule(viewer, filter) : null;
    if (rule == null && hasRule(filter)) {
      return new Page<>(List.of(), false);
    }
    Bounds bounds = bounds(viewer, filter, page);
    List<Key> keys = filter.ids().isEmpty() ? rarest(filter, rule) : List.of();
    List<Row> rows = new ArrayList<>();
    if (keys.isEmpty()) {
      walk(viewer, filter, rule, page, bounds).forEach(rows::add);
    } else {
      Row end = walkEnd(viewer, bounds);
      UUID stop = end.getUUID("lowest");
      Bounds near = stop == null ? bounds : new Bounds(bounds.below(), stop);
      walk(viewer, filter, rule, page, near).forEach(rows::add);
      UUID oldest = end.getUUID("oldest");
      if (stop != null && oldest != null && rows.size() < Rows.limit(page)) {
        Bounds rest = new Bounds(stop, Rows.higher(bounds.lowest(), oldest));
        leap(viewer, filter, rule, keys, rest, Rows.limit(page) - rows.size()).forEach(rows::add);
      }
    }
    return Rows.page(rows, page, row -> Rows.event(viewer.organization(), "id", row));
  }

  /** What the filter asks for, the first what most likely the fewest events have. */
  private static List<Key> rarest(Filter filter, @Nullable UUID rule) {
    List<Key> keys = new ArrayList<>();
    if (filter.resourceId() != null) {
      keys.add(new Key(1, filter.resourceId()));
    }
    if (filter.accountId() != null) {
      keys.add(new Key(2, filter.accountId()));
    }
    if (rule != null) {
      keys.add(new Key(3, rule.toString()));
    }
    if (filter.eventName() != null) {
      keys.add(new Key(4, filter.eventName()));
    }
    if (filter.eventType() != null) {
      keys.add(new Key(5, filter.eventType()));
    }
    return keys;
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

  /** The rule that a filter names; null when the viewer sees no such rule. */
  private @Nullable UUID rule(Viewer viewer, Filter filter) {
    RuleId id = filter.notificationId();
    Tuple parameters =
        Tuple.of(viewer.organization().value())
            .addValue(id == null ? null : id.value())
            .addValue(filter.notificationCode())
            .addValue(Rows.hidden(viewer));
    return Rows.first(database.run("eventRule", parameters))
        .map(row -> row.getUUID("id"))
        .orElse(null);
  }

  /** Where a walk is to end, and what the oldest event is. */
  private Row walkEnd(Viewer viewer, Bounds bounds) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), bounds.below(), bounds.lowest()).addValue(walk);
    return database.run("eventWalk", parameters).iterator().next();
  }

  /** Looks at one event after the other, the newest first, or at those whose ids are given. */
  private RowSet<Row> walk(
      Viewer viewer, Filter filter, @Nullable UUID rule, PageRequest page, Bounds bounds) {
    Tuple parameters = Tuple.of(viewer.organization().value(), bounds.below(), Rows.limit(page));
    addFilter(parameters, filter, rule);
    parameters.addValue(bounds.lowest()).addValue(Rows.hidden(viewer));
    if (filter.ids().isEmpty()) {
      return database.run("eventList", parameters);
    }
    return database.run(
        "eventListOfIds", parameters.addValue(Rows.anyOf(filter.ids(), EventId::value)));
  }

  /** Looks at the events that have the first two keys, the newest first. */
  private RowSet<Row> leap(
      Viewer viewer,
      Filter filter,
      @Nullable UUID rule,
      List<Key> keys,
      Bounds bounds,
      long limit) {
    Key one = keys.getFirst();
    Key other = keys.get(Math.min(1, keys.size() - 1));
    Stretches stretches = Stretches.between(bounds.lowest(), bounds.below(), one.isCoarse());
    Tuple parameters =
        Tuple.of(viewer.organization().value(), one.kind(), one.value())
            .addValue(other.kind())
            .addValue(other.value())
            .addValue(stretches.floors().toArray(UUID[]::new))
            .addValue(stretches.ceilings().toArray(UUID[]::new))
            .addValue(limit);
    addFilter(parameters, filter, rule);
    return database.run("eventListByKeys", parameters.addValue(Rows.hidden(viewer)));
  }

  private static void addFilter(Tuple parameters, Filter filter, @Nullable UUID rule) {
    parameters
        .addValue(filter.eventName())
        .addValue(filter.eventType())
        .addValue(filter.accountId())
        .addValue(filter.resourceId())
        .addValue(rule)
        .addValue(filter.includeActioned());
  }

  private static boolean hasRule(Filter filter) {
    return filter.notificationId() != null || filter.notificationCode() != null;
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
