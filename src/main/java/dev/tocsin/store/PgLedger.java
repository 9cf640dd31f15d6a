package dev.tocsin.store;

import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.Settlement.Fired;
import dev.tocsin.rule.RuleId;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

/** The ledger in PostgreSQL: one statement a commit, {@code ledgerCommit}. */
public final class PgLedger implements Ledger {
  /** What the sessions of a ledger's pool need; {@code sql/ledger.sql} says why. */
  public static final Map<String, String> SESSION =
      Map.of(
          // What a step of the statement hands to the next stays in memory, also of large events.
          "work_mem", "32MB",
          "plan_cache_mode", "force_generic_plan",
          "enable_nestloop", "off",
          "enable_seqscan", "off");

  /** How the name of the key begins, that of the table and of any part it is distributed to. */
  private static final String APPOINTMENT_KEY = "scheduled_due";

  private final Database database;
  private final Generations generations;
  private final InstantSource clock;
  private final Horizon horizon;
  private final UUID node;
  private final Duration runLease;
  private final Duration lateWindow;

  /**
   * A ledger over a pool with the session settings that {@code sql/ledger.sql} asks for.
   *
   * @param keyWindow how long a repeated idempotency key is recognised, at least
   * @param clock the database's clock
   * @param horizon how far back something is told of events
   * @param node who leases the deliveries that begin with a commit
   * @param runLease how long they belong to the node before any other may take them over
   * @param lateWindow for how long a scheduled event may have been due when its state comes; one
   *     that is later is skipped
   */
  public PgLedger(
      Database database,
      Duration keyWindow,
      InstantSource clock,
      Horizon horizon,
      UUID node,
      Duration runLease,
      Duration lateWindow) {
    this.database = database;
    this.generations = new Generations(keyWindow);
    this.clock = clock;
    this.horizon = horizon;
    this.node = node;
    this.runLease = runLease;
    this.lateWindow = lateWindow;
  }

  @Override
  public Committed commit(
      List<Judged> events, Map<OrganizationId, Long> ruleSetVersions, Set<OrganizationId> held) {
    // Taken before the commit, so that the store's lease ends later than we think, never earlier.
    Instant now = clock.instant();
    CommitInput input = new CommitInput(events);
    List<Verdict> verdicts =
        new ArrayList<>(Collections.nCopies(events.size(), new Verdict.Stored()));
    List<Skipped> skipped = new ArrayList<>();
    Supplier<Iterable<Row>> committing =
        () -> run(taking -> parameters(input, ruleSetVersions, held, now, taking));
    for (Row row : LedgerFailures.translate(committing)) {
      Long appointment = row.getLong("skipped");
      if (appointment != null) {
        skipped.add(input.skipped(appointment));
      } else {
        int position = (int) (row.getLong("position") - 1);
        if (!(verdicts.set(position, notStored(row)) instanceof Verdict.Stored)) {
          throw new IllegalStateException("event " + position + " of a commit is judged twice");
        }
      }
    }
    return new Committed(verdicts, now.plus(runLease), skipped);
  }

  /**
   * Commits as if no entity of another kind had left an appointment under the same id; when one
   * did, once more. To be ready for it would cost every appointment a fifth more.
   */
  private Iterable<Row> run(Function<Boolean, Tuple> parameters) {
    try {
      return database.run("ledgerCommit", parameters.apply(false));
    } catch (PgException e) {
      String violated = e.getConstraint();
      if (violated == null || !violated.startsWith(APPOINTMENT_KEY)) {
        throw e;
      }
      return database.run("ledgerCommit", parameters.apply(true));
    }
  }

  private static Verdict notStored(Row row) {
    UUID first = row.getUUID("first_id");
    if (first != null) {
      return new Verdict.Duplicate(new EventId(first));
    }
    return row.getBoolean("rules_current") ? new Verdict.StaleState() : new Verdict.StaleRules();
  }

  private Tuple parameters(
      CommitInput input,
      Map<OrganizationId, Long> ruleSetVersions,
      Set<OrganizationId> held,
      Instant now,
      boolean taking) {
    Tuple tuple = Tuple.tuple();
    input.addEvents(tuple);
    List<OrganizationId> organizations = List.copyOf(ruleSetVersions.keySet());
    tuple.addValue(RuleSetLock.stripes(organizations, held));
    tuple.addValue(organizations.stream().map(OrganizationId::value).toArray(UUID[]::new));
    tuple.addValue(organizations.stream().map(ruleSetVersions::get).toArray(Long[]::new));
    tuple.addValue(generations.searched(now)).addValue(generations.written(now));
    input.addChains(tuple);
    input.addConsequences(tuple);
    tuple.addValue(node).addValue(runLease.toMillis());
    input.addAppointments(tuple);
    tuple.addValue(Rows.timestamp(now.minus(lateWindow))).addValue(Rows.timestamp(now));
    return tuple.addValue(taking);
  }

  @Override
  public Map<IdempotencyKey, EventId> firsts(
      OrganizationId organization, Collection<IdempotencyKey> keys) {
    Tuple parameters =
        Tuple.of(organization.value())
            .addValue(keys.stream().map(IdempotencyKey::digest).toArray(UUID[]::new))
            .addValue(generations.searched(clock.instant()));
    Map<IdempotencyKey, EventId> firsts = new HashMap<>();
    for (Row row : LedgerFailures.translate(() -> database.run("ledgerFirsts", parameters))) {
      firsts.put(
          new IdempotencyKey(row.getUUID("key_digest")), new EventId(row.getUUID("event_id")));
    }
    return firsts;
  }

  @Override
  public Map<EventId, EventName> names(OrganizationId organization, Collection<EventId> events) {
    Map<EventId, EventName> names = new HashMap<>();
    for (Row row : ask("ledgerNames", since(organization, events))) {
      names.put(new EventId(row.getUUID("id")), new EventName(row.getString("event_name")));
    }
    return names;
  }

  @Override
  public Collection<EventId> stored(OrganizationId organization, Collection<EventId> events) {
    Set<EventId> stored = new HashSet<>();
    for (Row row : ask("ledgerStored", of(organization, events))) {
      stored.add(new EventId(row.getUUID("id")));
    }
    return stored;
  }

  @Override
  public Map<EventId, List<Fired>> notifications(
      OrganizationId organization, Collection<EventId> events) {
    Map<EventId, List<Fired>> fired = new HashMap<>();
    for (Row row : ask("ledgerNotifications", since(organization, events))) {
      fired
          .computeIfAbsent(new EventId(row.getUUID("cause_event_id")), id -> new ArrayList<>())
          .add(
              new Fired(
                  new EventId(row.getUUID("notification_event_id")),
                  new RuleId(row.getUUID("notification_configuration_id")),
                  row.getString("code")));
    }
    return fired;
  }

  private static Tuple of(OrganizationId organization, Collection<EventId> events) {
    UUID[] ids = events.stream().map(EventId::value).toArray(UUID[]::new);
    return Tuple.of(organization.value()).addValue(ids);
  }

  /** The same, of those that are still there. */
  private Tuple since(OrganizationId organization, Collection<EventId> events) {
    return of(organization, events).addValue(horizon.of(organization).value());
  }

  private Iterable<Row> ask(String statement, Tuple parameters) {
    Supplier<Iterable<Row>> question = () -> database.run(statement, parameters);
    return LedgerFailures.translate(question);
  }
}
