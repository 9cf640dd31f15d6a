package dev.tocsin.store;

import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.DueEvent;
import dev.tocsin.schedule.ScheduleStore;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Appointments of scheduled events in PostgreSQL: {@code sql/scheduled_due.sql}. */
public final class PgScheduleStore implements ScheduleStore {
  /** What the sessions of its pool need; {@code sql/scheduled_due.sql} says why. */
  public static final Map<String, String> SESSION =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_hashjoin", "off",
          "enable_mergejoin", "off",
          "enable_seqscan", "off",
          "enable_bitmapscan", "off",
          "jit", "off");

  /** How many that are due, or configurations, one look goes over: milliseconds of each. */
  private static final int LOOK_MAX = 1_000;

  private final Database database;
  private final InstantSource clock;
  private final Duration lease;
  private final PgAgenda agenda;

  /**
   * A store over a pool with the {@link #SESSION} settings.
   *
   * @param clock the database's clock
   * @param lease how long nobody else takes what was taken
   */
  public PgScheduleStore(Database database, InstantSource clock, Duration lease) {
    this(database, clock, lease, LOOK_MAX);
  }

  /**
   * The same.
   *
   * @param lookMax how many that are due, or configurations, one look goes over
   */
  PgScheduleStore(Database database, InstantSource clock, Duration lease, int lookMax) {
    this.database = database;
    this.clock = clock;
    this.lease = lease;
    this.agenda = new PgAgenda(database, lookMax);
  }

  @Override
  public Claimed claim(Wanted wanted) {
    Instant now = clock.instant();
    agenda.look(now);
    Agenda.Owed owed = agenda.owed(wanted.after(), wanted.except());
    if (owed.keys().isEmpty()) {
      return new Claimed(List.of(), null, !agenda.isThrough());
    }
    RowSet<Row> rows = database.run("scheduledDueClaim", parameters(owed.keys(), wanted, now));
    Row any = rows.iterator().next();
    UUID lastTurn = any.getUUID("came_to");
    OrganizationId cameTo = cameTo(owed, lastTurn);
    agenda.visited(cameTo == null ? owed.keys() : until(cameTo, owed.keys()));
    boolean isMore = any.getBoolean("is_more") || (cameTo == null && !agenda.isThrough());
    return new Claimed(due(rows), cameTo, isMore);
  }

  private Tuple parameters(List<ConfigurationKey> keys, Wanted wanted, Instant now) {
    return PgAgenda.parameters(keys)
        .addValue(wanted.organizationsMax())
        .addValue(wanted.eventsMax())
        .addValue((long) wanted.bytesMax())
        .addValue(Rows.timestamp(now))
        .addValue(Rows.timestamp(now.plus(lease)));
  }

  /**
   * The last that had its turn, if as many had as were wanted; else the last of these, if any
   * follow.
   */
  private static @Nullable OrganizationId cameTo(Agenda.Owed owed, @Nullable UUID lastTurn) {
    if (lastTurn != null) {
      return new OrganizationId(lastTurn);
    }
    return owed.isAll() ? null : owed.keys().getLast().organization();
  }

  private static List<ConfigurationKey> until(OrganizationId last, List<ConfigurationKey> keys) {
    return keys.stream()
        .filter(key -> !Rows.isLower(last.value(), key.organization().value()))
        .toList();
  }

  private static List<DueEvent> due(RowSet<Row> rows) {
    List<DueEvent> due = new ArrayList<>();
    for (Row row : rows) {
      if (row.getUUID("organization_id") != null) {
        due.add(read(row));
      }
    }
    // An update returns its rows in no order.
    due.sort(
        Comparator.comparing((DueEvent event) -> event.organization().toString())
            .thenComparing(DueEvent::due));
    return due;
  }

  private static DueEvent read(Row row) {
    return new DueEvent(
        new OrganizationId(row.getUUID("organization_id")),
        row.getUUID("configuration_id"),
        new EventName(row.getString("name")),
        new EntityRef(row.getString("entity"), row.getString("entity_id")),
        row.getString("field"),
        row.getString("value"),
        row.getInteger("offset_days"),
        row.getOffsetDateTime("due_at").toInstant(),
        row.getOffsetDateTime("dt_armed").toInstant(),
        row.getString("state"));
  }

  @Override
  public void fired(List<DueEvent> events, Set<Integer> before) {
    Instant now = clock.instant();
    OffsetDateTime[] moments =
        IntStream.range(0, events.size())
            .mapToObj(i -> Rows.timestamp(before.contains(i) ? events.get(i).due() : now))
            .toArray(OffsetDateTime[]::new);
    database.run("scheduledDueFired", keys(events).addValue(moments));
  }

  @Override
  public void giveBack(Collection<DueEvent> events, Duration pause) {
    Instant again = clock.instant().plus(pause);
    database.run("scheduledDueGiveBack", keys(events).addValue(Rows.timestamp(again)));
  }

  private static Tuple keys(Collection<DueEvent> events) {
    return Tuple.tuple()
        .addValue(events.stream().map(event -> event.organization().value()).toArray(UUID[]::new))
        .addValue(events.stream().map(DueEvent::configuration).toArray(UUID[]::new))
        .addValue(events.stream().map(event -> event.entity().id()).toArray(String[]::new))
        .addValue(
            events.stream()
                .map(event -> Rows.timestamp(event.due()))
                .toArray(OffsetDateTime[]::new));
  }

  @Override
  public @Nullable Instant nextDue(Instant after) {
    return agenda.nextDue(after);
  }

  @Override
  public @Nullable Instant overdueSince() {
    Instant now = clock.instant();
    agenda.look(now);
    List<ConfigurationKey> owed = agenda.overdue();
    if (owed.isEmpty()) {
      return null;
    }
    Tuple parameters = PgAgenda.parameters(owed).addValue(Rows.timestamp(now));
    OffsetDateTime since =
        database
            .run("scheduledDueOverdue", parameters)
            .iterator()
            .next()
            .getOffsetDateTime("since");
    return since == null ? null : since.toInstant();
  }
}
