package dev.tocsin.store;

import dev.tocsin.api.RuleDay;
import dev.tocsin.api.RuleStatuses;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.RuleCountStore;
import dev.tocsin.evaluate.RuleCounts;
import dev.tocsin.evaluate.RuleCounts.LastError;
import dev.tocsin.event.Horizon;
import dev.tocsin.expire.RuleDays;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.rule.RuleId;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What rules did, in PostgreSQL: {@code sql/rule_day.sql}. */
public final class PgRuleDays implements RuleCountStore, RuleStatuses, RuleDays {
  /**
   * What goes through the next time: a rule that was deleted meanwhile, serialization failure,
   * deadlock, lock not available.
   */
  private static final Set<String> PASSING = Set.of("23503", "40001", "40P01", "55P03");

  private final Database database;
  private final Horizon horizon;

  /** What is kept in the schema that the pool is connected to; errors, as long as their events. */
  public PgRuleDays(Database database, Horizon horizon) {
    this.database = database;
    this.horizon = horizon;
  }

  @Override
  public void add(Collection<RuleCounts> counts) {
    List<RuleCounts> list = List.copyOf(counts);
    Tuple parameters =
        Tuple.of(
                each(list, count -> count.organization().value()).toArray(UUID[]::new),
                each(list, count -> count.rule().value()).toArray(UUID[]::new),
                each(list, RuleCounts::day).toArray(LocalDate[]::new),
                each(list, RuleCounts::evaluated).toArray(Long[]::new),
                each(list, RuleCounts::fired).toArray(Long[]::new),
                each(list, RuleCounts::errors).toArray(Long[]::new))
            .addValue(
                errors(list, error -> Rows.storable(error.message()))
                    .toArray(new @Nullable String[0]))
            .addValue(errors(list, error -> error.event().value()).toArray(new @Nullable UUID[0]))
            .addValue(
                errors(list, error -> Rows.timestamp(error.occurred()))
                    .toArray(new @Nullable OffsetDateTime[0]));
    try {
      database.run("ruleDayAdd", parameters);
    } catch (PgException e) {
      if (e.getSqlState() != null && PASSING.contains(e.getSqlState())) {
        throw new StoreUnavailable("ruleDayAdd lost a conflict", e);
      }
      throw e;
    }
  }

  private static <T> List<T> each(List<RuleCounts> counts, Function<RuleCounts, T> of) {
    return counts.stream().map(of).toList();
  }

  private static <T> List<@Nullable T> errors(List<RuleCounts> counts, Function<LastError, T> of) {
    List<@Nullable T> all = new ArrayList<>(counts.size());
    for (RuleCounts count : counts) {
      LastError error = count.lastError();
      all.add(error == null ? null : of.apply(error));
    }
    return all;
  }

  @Override
  public Optional<List<RuleDay>> find(Viewer viewer, RuleId rule, LocalDate from) {
    Tuple parameters =
        Tuple.of(viewer.organization().value(), rule.value(), from)
            .addValue(Rows.hidden(viewer))
            .addValue(horizon.of(viewer.organization()).value());
    RowSet<Row> rows = database.run("ruleDayList", parameters);
    if (rows.size() == 0) {
      return Optional.empty();
    }
    List<RuleDay> days = new ArrayList<>();
    for (Row row : rows) {
      if (row.getLocalDate("day") != null) {
        days.add(read(row));
      }
    }
    return Optional.of(days);
  }

  private static RuleDay read(Row row) {
    OffsetDateTime occurred = row.getOffsetDateTime("dt_last_error");
    return new RuleDay(
        row.getLocalDate("day"),
        row.getLong("evaluated"),
        row.getLong("fired"),
        row.getLong("errors"),
        occurred == null
            ? null
            : new RuleDay.LastError(
                row.getString("last_error"),
                row.getUUID("last_error_event_id"),
                occurred.toInstant()));
  }

  @Override
  public int dropBefore(LocalDate day, int max) {
    return database.run("ruleDayExpire", Tuple.of(day, max)).rowCount();
  }
}
