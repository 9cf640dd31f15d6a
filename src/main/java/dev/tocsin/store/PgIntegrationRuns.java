package dev.tocsin.store;

import dev.tocsin.api.IntegrationRun;
import dev.tocsin.api.IntegrationRun.Attempt;
import dev.tocsin.api.IntegrationRunStatus;
import dev.tocsin.api.IntegrationRuns;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Integration runs as they are read, in PostgreSQL: {@code sql/integration_run_list.sql}. */
public final class PgIntegrationRuns implements IntegrationRuns {
  private final Database reads;
  private final Database writes;
  private final Horizon horizon;

  /**
   * Integration runs, each for as long as the event that caused it is there.
   *
   * @param reads a pool with the session settings of {@link PgEvents#SESSION}
   * @param writes a pool for replays
   */
  public PgIntegrationRuns(Database reads, Database writes, Horizon horizon) {
    this.reads = reads;
    this.writes = writes;
    this.horizon = horizon;
  }

  @Override
  public Page<IntegrationRun> list(Viewer viewer, Filter filter, PageRequest page) {
    UUID above = floor(filter.created().from());
    UUID below = Rows.lower(Rows.below(page), below(filter.created().to()));
    return page(statement(filter), viewer, filter, page, below, above);
  }

  /** The way that is likely to come by the fewest rows. */
  private static String statement(Filter filter) {
    if (filter.event() != null) {
      return "integrationRunListOfEvent";
    }
    if (filter.status() != null && filter.status() != IntegrationRunStatus.COMPLETE) {
      return "integrationRunListOfStatus";
    }
    if (filter.webhook() != null) {
      return "integrationRunListOfWebhook";
    }
    return filter.rule() == null ? "integrationRunList" : "integrationRunListOfRule";
  }

  @Override
  public Page<IntegrationRun> listOldestFirst(
      Viewer viewer, RuleId rule, Filter filter, PageRequest page) {
    Filter ofRule =
        new Filter(filter.status(), filter.webhook(), rule, filter.event(), filter.created());
    // The smallest id of its moment, which no run has: ids are of version 7.
    UUID above = page.after() == null ? floor(filter.created().from()) : page.after();
    return page(
        "integrationRunListOfRuleOldestFirst",
        viewer,
        ofRule,
        page,
        below(filter.created().to()),
        above);
  }

  private Page<IntegrationRun> page(
      String statement, Viewer viewer, Filter filter, PageRequest page, UUID below, UUID above) {
    UUID oldest = horizon.of(viewer.organization()).value();
    Tuple parameters =
        Tuple.of(viewer.organization().value(), below, Rows.limit(page), Rows.higher(above, oldest))
            .addValue(filter.status() == null ? null : filter.status().name())
            .addValue(filter.webhook() == null ? null : filter.webhook().value())
            .addValue(filter.rule() == null ? null : filter.rule().value())
            .addValue(filter.event() == null ? null : filter.event().value())
            .addValue(Rows.hidden(viewer))
            .addValue(oldest);
    return Rows.page(reads.run(statement, parameters), page, PgIntegrationRuns::read);
  }

  private static UUID floor(@Nullable Instant from) {
    return EventId.floor(from == null ? Instant.EPOCH : from).value();
  }

  private static UUID below(@Nullable Instant to) {
    return EventId.floor(to == null ? Instant.MAX : to).value();
  }

  @Override
  public Optional<Told> find(Viewer viewer, RunId id) {
    Tuple key = Tuple.of(viewer.organization().value(), id.value());
    EventId oldest = horizon.of(viewer.organization());
    return Rows.first(reads.run("integrationRunFind", ofRun(viewer, id, oldest)))
        .map(row -> {
          List<Attempt> attempts = new ArrayList<>();
          for (Row attempt : reads.run("integrationRunAttempts", key)) {
            attempts.add(readAttempt(attempt));
          }
          return new Told(read(row), attempts);
        });
  }

  @Override
  public Replay replay(Viewer viewer, RunId parent, RunId id, @Nullable String key) {
    EventId oldest = horizon.of(viewer.organization());
    return writes.inTransaction(session -> {
      Optional<Row> locked =
          Rows.first(session.run("integrationRunLock", ofRun(viewer, parent, oldest)));
      if (locked.isEmpty()) {
        return new Replay.Missing();
      }
      if (!locked.get().getBoolean("has_ended")) {
        return new Replay.TooEarly(IntegrationRunStatus.valueOf(locked.get().getString("status")));
      }
      Tuple parameters =
          Tuple.of(viewer.organization().value(), parent.value(), id.value()).addValue(key);
      Row made = session.run("integrationRunReplay", parameters).iterator().next();
      if (made.getUUID("id") == null) {
        return new Replay.Off(made.getString("reason_off"));
      }
      RunId replay = new RunId(made.getUUID("id"));
      // One that was made before may be hidden itself.
      return Rows.first(session.run("integrationRunFind", ofRun(viewer, replay, oldest)))
          .<Replay>map(row -> new Replay.Made(read(row)))
          .orElseGet(Replay.Missing::new);
    });
  }

  private static Tuple ofRun(Viewer viewer, RunId id, EventId oldest) {
    return Tuple.of(viewer.organization().value(), id.value())
        .addValue(Rows.hidden(viewer))
        .addValue(oldest.value());
  }

  private static IntegrationRun read(Row row) {
    UUID parent = row.getUUID("parent_run_id");
    return new IntegrationRun(
        new RunId(row.getUUID("id")),
        new IntegrationRun.What(
            new RuleId(row.getUUID("notification_configuration_id")),
            new EventId(row.getUUID("cause_event_id")),
            new EventId(row.getUUID("notification_event_id")),
            new IntegrationId(row.getUUID("integration_configuration_id")),
            new WebhookId(row.getUUID("webhook_id"))),
        IntegrationRunStatus.valueOf(row.getString("status")),
        row.getString("url"),
        row.getInteger("attempts"),
        row.getString("error"),
        instant(row, "due_at"),
        instant(row, "dt_started"),
        instant(row, "dt_completed"),
        parent == null ? null : new RunId(parent),
        row.getLong("fence"),
        row.getOffsetDateTime("dt_last_modified").toInstant());
  }

  private static Attempt readAttempt(Row row) {
    return new Attempt(
        row.getInteger("attempt"),
        row.getOffsetDateTime("dt_started").toInstant(),
        Duration.ofMillis(row.getInteger("duration_ms")),
        row.getInteger("response_status"),
        row.getString("error"),
        row.getString("response"));
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }
}
