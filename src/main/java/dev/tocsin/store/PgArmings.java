package dev.tocsin.store;

import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.event.EventId;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.schedule.Arming;
import dev.tocsin.schedule.ArmingStore;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Walks through stored states in PostgreSQL: {@code sql/scheduled_arming.sql}. */
public final class PgArmings implements ArmingStore {
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  /** How many bytes of states are read at once, about; a single one may be larger. */
  private static final int BYTES_MAX = 4 << 20;

  private final Database database;
  private final InstantSource clock;
  private final Duration lateWindow;
  private final Duration lease;

  /**
   * Walks over a pool with the settings of {@link PgScheduleStore#SESSION}.
   *
   * @param clock the database's clock
   * @param lateWindow how long ago what is armed may have been due and is not skipped
   * @param lease how long nobody else takes what was taken
   */
  public PgArmings(Database database, InstantSource clock, Duration lateWindow, Duration lease) {
    this.database = database;
    this.clock = clock;
    this.lateWindow = lateWindow;
    this.lease = lease;
  }

  @Override
  public List<Arming> claim(@Nullable OrganizationId after, int organizationsMax) {
    Instant now = clock.instant();
    Tuple parameters =
        Tuple.of(after == null ? BEFORE_ALL : after.value(), organizationsMax)
            .addValue(Rows.timestamp(now))
            .addValue(Rows.timestamp(now.plus(lease)));
    List<Arming> claimed = new ArrayList<>();
    for (Row row : database.run("scheduledArmingClaim", parameters)) {
      claimed.add(arming(row));
    }
    // An update returns its rows in no order.
    claimed.sort(Comparator.comparing(arming -> arming.organization().toString()));
    return claimed;
  }

  private static Arming arming(Row row) {
    return new Arming(
        new OrganizationId(row.getUUID("organization_id")),
        row.getUUID("configuration_id"),
        row.getLong("arming"),
        row.getString("after_entity_id"),
        row.getBoolean("walked"),
        row.getLong("scanned"),
        row.getLong("armed"),
        row.getLong("skipped"),
        row.getOffsetDateTime("dt_started").toInstant());
  }

  @Override
  public Optional<Wanted> wanted(Arming arming) {
    Tuple parameters = Tuple.of(arming.organization().value(), arming.configuration());
    return Rows.first(database.run("scheduledArmingWanted", parameters))
        .map(row ->
            new Wanted(
                new ScheduledDate(
                    arming.configuration(),
                    row.getLong("arming"),
                    row.getString("entity"),
                    row.getString("field"),
                    row.getInteger("offset_days")),
                ZoneId.of(row.getString("time_zone"))));
  }

  @Override
  public States states(Arming arming, String entity, int max) {
    return states(database, arming.organization(), entity, arming.after(), max);
  }

  /** The next states of an entity after the one that has this id, or the first. */
  static States states(
      Database database,
      OrganizationId organization,
      String entity,
      @Nullable String after,
      int max) {
    Tuple parameters =
        Tuple.of(organization.value(), entity, after == null ? "" : after, max)
            .addValue((long) BYTES_MAX);
    RowSet<Row> rows = database.run("scheduledArmingStates", parameters);
    List<State> states = new ArrayList<>();
    long found = 0;
    for (Row row : rows) {
      found = row.getLong("found");
      states.add(
          new State(
              row.getString("entity_id"),
              new EventId(row.getUUID("event_id")),
              payload(entity, row)));
    }
    return new States(states, found < max && found == states.size());
  }

  private static @Nullable Payload payload(String entity, Row row) {
    String json = row.getString("state");
    try {
      return json == null ? null : JsonValues.payload(json);
    } catch (IOException e) {
      throw new IllegalStateException(
          "the stored state of " + entity + " " + row.getString("entity_id") + " cannot be read",
          e);
    }
  }

  @Override
  public Optional<Step> arm(Arming arming, String entity, List<Dated> states, boolean isLast) {
    Instant now = clock.instant();
    Tuple parameters =
        place(arming)
            .addValue(entity)
            .addValue(states.stream().map(Dated::entityId).toArray(String[]::new))
            .addValue(states.stream().map(state -> state.writer().value()).toArray(UUID[]::new))
            .addValue(states.stream().map(PgArmings::dueAt).toArray(OffsetDateTime[]::new))
            .addValue(states.stream().map(PgArmings::value).toArray(String[]::new))
            .addValue(isLast)
            .addValue(Rows.timestamp(now))
            .addValue(Rows.timestamp(now.minus(lateWindow)));
    return step("scheduledArmingWalk", parameters);
  }

  private static @Nullable OffsetDateTime dueAt(Dated state) {
    return state.due() == null ? null : Rows.timestamp(state.due().at());
  }

  private static @Nullable String value(Dated state) {
    return state.due() == null ? null : state.due().value();
  }

  @Override
  public Optional<Step> removeEarlier(Arming arming, int max) {
    Tuple parameters = place(arming).addValue(max).addValue(Rows.timestamp(clock.instant()));
    return step("scheduledArmingRemoveEarlier", parameters);
  }

  @Override
  public Optional<Step> removeAll(Arming arming, int max) {
    Tuple parameters =
        Tuple.of(arming.organization().value(), arming.configuration(), arming.number(), max);
    return step("scheduledArmingRemoveAll", parameters);
  }

  private static Tuple place(Arming arming) {
    return Tuple.of(
        arming.organization().value(), arming.configuration(), arming.number(), arming.after());
  }

  private Optional<Step> step(String statement, Tuple parameters) {
    return Rows.first(database.run(statement, parameters))
        .map(row ->
            new Step(
                row.getInteger("scanned"),
                row.getInteger("armed"),
                row.getInteger("skipped"),
                row.getInteger("removed"),
                row.getBoolean("moved"),
                row.getBoolean("completed")));
  }
}
