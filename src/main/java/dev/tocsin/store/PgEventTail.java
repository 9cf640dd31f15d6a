package dev.tocsin.store;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.stream.EventTail;
import dev.tocsin.stream.Placed;
import dev.tocsin.stream.Position;
import dev.tocsin.stream.Snapshot;
import dev.tocsin.stream.Stretch;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events in the order of the transactions that stored them, in PostgreSQL; {@code
 * sql/event_tail.sql} says why that order. Wants a pool with the session of {@link PgEvents}.
 */
public final class PgEventTail implements EventTail {
  private static final Logger log = LoggerFactory.getLogger(PgEventTail.class);

  /**
   * An event is stored within minutes of when its id was made. So what a transaction stores has ids
   * from about its own time, and older partitions need no look; a day is far on the safe side.
   */
  private static final Duration STORED_WITHIN = Duration.ofDays(1);

  private final Database database;
  private final Horizon horizon;
  private final EventId first;

  private PgEventTail(Database database, Horizon horizon, EventId first) {
    this.database = database;
    this.horizon = horizon;
    this.first = first;
  }

  /**
   * Events over a pool. To be called before this server stores any: if a logical restore brought
   * those there are, they are not followed.
   *
   * @param next a new id
   */
  public static PgEventTail open(Database database, Horizon horizon, EventId next) {
    int begun = database.run("eventEraBegin", Tuple.of(next.value())).rowCount();
    if (begun > 0) {
      log.warn("events were restored from another cluster: those before {} are not streamed", next);
    }
    Row era = database.run("eventEra", Tuple.tuple()).iterator().next();
    return new PgEventTail(database, horizon, new EventId(era.getUUID("first_id")));
  }

  @Override
  public Optional<Start> start(
      OrganizationId organization, HiddenEvents hidden, @Nullable EventId after) {
    Tuple parameters =
        Tuple.of(organization.value())
            .addValue(after == null ? null : after.value())
            .addValue(Rows.hidden(hidden))
            .addValue(horizon.of(organization).value());
    Row row = database.run("eventTailStart", parameters).iterator().next();
    Snapshot snapshot = Snapshot.parse(row.getString("snapshot"));
    String transaction = row.getString("xid");
    if (after == null) {
      return Optional.of(new Start(snapshot, null));
    }
    return transaction == null || isBeforeEra(after)
        ? Optional.empty()
        : Optional.of(new Start(snapshot, Long.valueOf(transaction)));
  }

  @Override
  public Stretch read(OrganizationId organization, Position from, int max) {
    Tuple parameters =
        Tuple.of(
            organization.value(),
            Long.toString(from.transaction()),
            from.id().value(),
            Rows.higher(floor(from).value(), horizon.of(organization).value()),
            max + 1L);
    RowSet<Row> rows = database.run("eventTailRead", parameters);
    List<Placed> events = new ArrayList<>(rows.size());
    Instant heldSince = null;
    for (Row row : rows) {
      if (!row.getBoolean("is_settled")) {
        Instant created = new EventId(row.getUUID("id")).created();
        heldSince = heldSince == null || created.isBefore(heldSince) ? created : heldSince;
      } else if (events.size() == max) {
        return new Stretch(events, true, null);
      } else {
        events.add(
            new Placed(Rows.event(organization, "id", row), Long.parseLong(row.getString("xid"))));
      }
    }
    return new Stretch(events, false, heldSince);
  }

  private EventId floor(Position from) {
    EventId floor = EventId.floor(from.since().minus(STORED_WITHIN));
    return isBeforeEra(floor) ? first : floor;
  }

  private boolean isBeforeEra(EventId id) {
    return id.isBefore(first);
  }

  @Override
  public Set<EventId> visible(
      OrganizationId organization, HiddenEvents hidden, Collection<EventId> events) {
    Tuple parameters =
        Tuple.of(organization.value())
            .addValue(events.stream().map(EventId::value).toArray(UUID[]::new))
            .addValue(Rows.hidden(hidden))
            .addValue(horizon.of(organization).value());
    Set<EventId> visible = new HashSet<>();
    for (Row row : database.run("eventTailVisible", parameters)) {
      visible.add(new EventId(row.getUUID("id")));
    }
    return visible;
  }
}
