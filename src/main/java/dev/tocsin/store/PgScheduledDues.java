package dev.tocsin.store;

import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.ScheduledDues;
import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.ArmingStore;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When which scheduled event is due, in PostgreSQL: {@code sql/scheduled_due_list.sql}. */
public final class PgScheduledDues implements ScheduledDues {
  private static final Instant BEGINNING = Instant.parse("0001-01-01T00:00:00Z");

  /** Before all that there are, and as what their columns can be. */
  private static final Position BEFORE_ALL = new Position(BEGINNING, new UUID(0, 0), BEGINNING, "");

  private static final Instant END = Instant.parse("9999-12-31T23:59:59.999999Z");

  private final Database database;
  private final InstantSource clock;

  /**
   * Appointments over a pool with the settings of {@link PgEvents#SESSION}.
   *
   * @param clock the database's clock
   */
  public PgScheduledDues(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<Status> status(OrganizationId organization, UUID configuration) {
    Tuple parameters =
        Tuple.of(organization.value(), configuration, Rows.timestamp(clock.instant()), COUNTED_MAX);
    return Rows.first(database.run("scheduledDueStatus", parameters))
        .map(row ->
            new Status(
                row.getLong("scanned"),
                row.getLong("armed"),
                row.getLong("skipped"),
                row.getOffsetDateTime("dt_started").toInstant(),
                moment(row, "dt_completed"),
                row.getLong("waiting"),
                row.getLong("overdue"),
                row.getLong("fired"),
                row.getLong("passed"),
                moment(row, "next_due"),
                moment(row, "last_fired")));
  }

  @Override
  public Page<Appointment> list(Viewer viewer, Filter filter, @Nullable Position after, int size) {
    PageRequest page = new PageRequest(size, null);
    Position begin = begin(filter.from(), after);
    Instant to = filter.to();
    Tuple parameters =
        Tuple.of(viewer.organization().value())
            .addValue(Rows.timestamp(storable(begin.due())))
            .addValue(begin.configuration())
            .addValue(Rows.timestamp(storable(begin.armed())))
            .addValue(begin.entityId())
            .addValue(to == null ? null : Rows.timestamp(storable(to)))
            .addValue(filter.configuration())
            .addValue(Rows.hidden(viewer))
            .addValue(Rows.limit(page));
    String statement = "scheduledDueList";
    if (filter.entityId() != null) {
      statement = "scheduledDueListOfEntity";
      parameters.addValue(filter.entityId()).addValue(filter.withEnded());
    }
    return Rows.page(database.run(statement, parameters), page, PgScheduledDues::appointment);
  }

  /** Where a page begins; one of another list may have ended before what this one is to show. */
  private static Position begin(@Nullable Instant from, @Nullable Position after) {
    Position first =
        from == null
            ? BEFORE_ALL
            : new Position(
                from, BEFORE_ALL.configuration(), BEFORE_ALL.armed(), BEFORE_ALL.entityId());
    return after == null || after.due().isBefore(first.due()) ? first : after;
  }

  /** Of moments beyond all that can be due, the nearest that the database knows. */
  private static Instant storable(Instant moment) {
    if (moment.isBefore(BEFORE_ALL.due())) {
      return BEFORE_ALL.due();
    }
    return moment.isAfter(END) ? END : moment;
  }

  private static Appointment appointment(Row row) {
    return new Appointment(
        new Position(
            row.getOffsetDateTime("due_at").toInstant(),
            row.getUUID("configuration_id"),
            row.getOffsetDateTime("dt_armed").toInstant(),
            row.getString("entity_id")),
        new Content(
            new EventName(row.getString("name")),
            row.getString("entity"),
            row.getString("field"),
            row.getInteger("offset_days")),
        row.getString("value"),
        ZoneId.of(row.getString("time_zone")),
        row.getString("outcome"),
        moment(row, "dt_ended"));
  }

  private static @Nullable Instant moment(Row row, String column) {
    OffsetDateTime moment = row.getOffsetDateTime(column);
    return moment == null ? null : moment.toInstant();
  }

  @Override
  public ZoneId zone(OrganizationId organization) {
    return Rows.first(database.run("scheduledDueZone", Tuple.of(organization.value())))
        .map(row -> ZoneId.of(row.getString("time_zone")))
        .orElseThrow();
  }

  @Override
  public States states(
      OrganizationId organization, String entity, @Nullable String after, int max) {
    ArmingStore.States read = PgArmings.states(database, organization, entity, after, max);
    return new States(
        read.states().stream().map(state -> new State(state.entityId(), state.payload())).toList(),
        read.isLast());
  }
}
