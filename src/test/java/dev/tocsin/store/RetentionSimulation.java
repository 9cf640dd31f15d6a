package dev.tocsin.store;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Judged.Firing;
import dev.tocsin.evaluate.Judged.RunBirth;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.expire.ExpiredPartitionSweep;
import dev.tocsin.expire.ExpirySweep;
import dev.tocsin.expire.ExpirySweep.Step;
import dev.tocsin.expire.OldRowSweep;
import dev.tocsin.expire.PartitionAheadSweep;
import dev.tocsin.expire.WaitingRunSweep;
import dev.tocsin.flow.RunId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Traffic of many days on a real database, by a clock that is moved three hours at a time, with the
 * sweeps that run in between: what is there is compared with a plain list of what must be, every
 * day, and what the disk holds is measured.
 *
 * <p>One organization keeps its events as long as the server, another for fewer days. Each event
 * fires a rule; most deliveries end, and one in twenty waits until its event expires.
 */
final class RetentionSimulation implements AutoCloseable {
  private static final Instant FIRST = Instant.parse("2026-11-22T00:00:00Z");
  private static final OrganizationId WHOLE = new OrganizationId(new UUID(0, 1));
  private static final OrganizationId SHORTER = new OrganizationId(new UUID(0, 2));
  private static final Duration STEP = Duration.ofHours(3);
  private static final int STEPS = 8;
  private static final int ENTITIES = 50;
  private static final Rule RULE = Samples.always(1);

  /** Keys are recognised for longer than their events are there. */
  private static final int KEY_DAYS_MORE = 2;

  private final PostgresFixture postgres;
  private final int retentionDays;
  private final int shorterDays;
  private final int perStep;
  private final AtomicLong counter = new AtomicLong();
  private final NavigableMap<Instant, Integer> stored = new TreeMap<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Database reads;
  private final Database delivery;
  private final Database expiry;
  private final PgHorizon horizon;
  private final PgLedger ledger;
  private final PartitionAheadSweep ahead;
  private final ExpirySweep sweep;
  private Instant now = FIRST;

  /**
   * A day, when it was over.
   *
   * @param bytes of each table, with its indexes
   * @param partitions by day, of all tables
   * @param visible events that the organizations see
   */
  record Day(int number, Map<String, Long> bytes, long partitions, long visible) {
    long bytesOfDays() {
      return bytes.values().stream().mapToLong(Long::longValue).sum() - bytesOfKeys();
    }

    long bytesOfKeys() {
      return bytes.getOrDefault("idempotency_key", 0L);
    }
  }

  RetentionSimulation(PostgresFixture postgres, int retentionDays, int shorterDays, int perDay) {
    this.postgres = postgres;
    this.retentionDays = retentionDays;
    this.shorterDays = shorterDays;
    this.perStep = perDay / STEPS / 2;
    Retention retention = new Retention(() -> now, retentionDays);
    Duration keyWindow = Duration.ofDays(retentionDays + KEY_DAYS_MORE);
    this.reads = postgres.open("events", PgEvents.SESSION);
    this.delivery = postgres.open("delivery", PgDeliveryStore.SESSION);
    this.expiry = postgres.open("expiry", PgExpiredPartitions.SESSION);
    this.horizon = new PgHorizon(postgres.database(), retention);
    this.ledger =
        new PgLedger(
            postgres.database(),
            keyWindow,
            () -> now,
            horizon,
            new UUID(9, 9),
            Duration.ofMinutes(1),
            Duration.ofDays(1));
    this.ahead =
        new PartitionAheadSweep(new PgPartitions(postgres.database()), () -> now, 2, meters);
    this.sweep =
        new ExpirySweep(
            new PgTurn(expiry), ending(retention), steps(retention, keyWindow), () -> now);
    postgres.createOrganization(WHOLE.toString());
    postgres.createOrganization(SHORTER.toString());
    postgres.execute(
        "update organization set retention_days = %d where id = '%s'"
            .formatted(shorterDays, SHORTER));
    horizon.refresh();
  }

  private Step ending(Retention retention) {
    WaitingRunSweep runs =
        new WaitingRunSweep(new PgWaitingRuns(delivery, retention), 1_000, meters);
    return new Step("waiting runs", false, keep -> runs.runOnce().more());
  }

  private List<Step> steps(Retention retention, Duration keyWindow) {
    ExpiredPartitionSweep days =
        new ExpiredPartitionSweep(new PgExpiredPartitions(expiry, retention, keyWindow), meters);
    OldRowSweep rows = new OldRowSweep(new PgOldRows(reads, delivery, retention), 1_000, meters);
    return List.of(
        new Step("partitions", true, keep -> days.runOnce(keep).more()),
        new Step("old rows", true, keep -> rows.runOnce(keep).more()));
  }

  @Override
  public void close() {
    reads.close();
    delivery.close();
    expiry.close();
  }

  /** What the sweeps counted. */
  double count(String meter) {
    return meters.counter(meter).count();
  }

  /** A day of traffic, ended with a comparison. */
  Day day(int number) {
    Instant midnight = FIRST.plus(number, ChronoUnit.DAYS);
    now = midnight;
    ahead.runOnce();
    for (int step = 0; step < STEPS; step++) {
      now = midnight.plus(STEP.multipliedBy(step));
      store(WHOLE);
      store(SHORTER);
      stored.put(now, perStep);
      deliver();
      sweep();
    }
    repeatAnOldKey(number);
    now = midnight.plus(1, ChronoUnit.DAYS).minusMillis(1);
    sweep();
    compare();
    return new Day(number, bytes(), partitions(), visible(WHOLE) + visible(SHORTER));
  }

  private void store(OrganizationId organization) {
    List<Judged> events = new ArrayList<>();
    for (int i = 0; i < perStep; i++) {
      events.add(judged(organization, key(organization, now, i), i));
    }
    List<Verdict> verdicts = commit(organization, events);
    require(verdicts.stream().allMatch(Verdict.Stored.class::isInstance), "all are stored");
  }

  private List<Verdict> commit(OrganizationId organization, List<Judged> events) {
    return ledger.commit(events, Map.of(organization, 1L), Set.of()).verdicts();
  }

  private Judged judged(OrganizationId organization, String key, int number) {
    RunBirth run = new RunBirth(new RunId(id()), RULE.targets().getFirst());
    return new Judged(
        organization,
        new EventId(id()),
        Samples.update(key, "c-" + number % ENTITIES, number, now),
        null,
        null,
        List.of(new Firing(new EventId(id()), RULE, List.of(run))),
        List.of(),
        List.of());
  }

  private static String key(OrganizationId organization, Instant moment, int number) {
    return organization + " " + moment + " " + number;
  }

  private UUID id() {
    return new UUID(now.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | counter.incrementAndGet());
  }

  /** Most end; every twentieth waits for an attempt that is far away. */
  private void deliver() {
    postgres.execute(
        """
        insert into integration_run_attempt
          select organization_id, id, 1, now(), 1, 200, null, 'thanks' from integration_run
          where status = 'STARTED';
        update integration_run
          set status = 'COMPLETE', due_at = null, dt_completed = now(), leased_by = null
          where status = 'STARTED' and get_byte(uuid_send(id), 15) % 20 <> 0;
        update integration_run
          set status = 'AWAITING_RETRY', due_at = now() + interval '1 day', leased_by = null
          where status = 'STARTED';
        """);
  }

  /** Failures are told between two rounds. */
  private void sweep() {
    boolean more = true;
    while (more) {
      more = sweep.runOnce().more();
    }
    postgres.execute("update integration_failure set tell_at = null where tell_at is not null");
    more = true;
    while (more) {
      more = sweep.runOnce().more();
    }
  }

  /** The event is gone, and its key is not. */
  private void repeatAnOldKey(int number) {
    if (number > retentionDays) {
      Instant then = FIRST.plus(number - retentionDays, ChronoUnit.DAYS).minus(STEP);
      Judged again = judged(WHOLE, key(WHOLE, then, 0), 0);
      Verdict verdict = commit(WHOLE, List.of(again)).getFirst();
      require(verdict instanceof Verdict.Duplicate, "an old key is recognised");
    }
  }

  /** Events, half of which are the notifications that tell of the others. */
  private void compare() {
    long whole = 2 * since(now.minus(Duration.ofDays(retentionDays)));
    long shorter = 2 * since(now.minus(Duration.ofDays(shorterDays)));
    require(visible(WHOLE) == whole, "visible: " + visible(WHOLE) + " of " + whole);
    require(visible(SHORTER) == shorter, "visible: " + visible(SHORTER) + " of " + shorter);
    require(listed(SHORTER) == shorter, "listed: " + listed(SHORTER) + " of " + shorter);
    Instant firstDay = now.minus(Duration.ofDays(retentionDays)).truncatedTo(ChronoUnit.DAYS);
    expect("event", WHOLE, 2 * since(firstDay));
    expect("event", SHORTER, shorter);
    for (String table : List.of("notification", "integration_run", "integration_run_attempt")) {
      expect(table, WHOLE, since(firstDay));
      expect(table, SHORTER, shorter / 2);
    }
  }

  private void expect(String table, OrganizationId organization, long rows) {
    long there =
        number("select count(*) from " + table + " where organization_id = '" + organization + "'");
    require(there == rows, table + " of " + organization + ": " + there + " of " + rows);
  }

  private long since(Instant moment) {
    return stored.tailMap(moment, true).values().stream().mapToLong(Integer::longValue).sum();
  }

  private long visible(OrganizationId organization) {
    return number(
        "select count(*) from event where organization_id = '%s' and id >= '%s'"
            .formatted(organization, horizon.of(organization)));
  }

  private long listed(OrganizationId organization) {
    Events events = new PgEvents(reads, horizon);
    Viewer viewer = new Viewer(organization, HiddenEvents.NONE);
    Events.Filter all =
        new Events.Filter(List.of(), null, null, null, null, null, null, true, Period.ALWAYS);
    long count = 0;
    @Nullable UUID after = null;
    boolean hasMore = true;
    while (hasMore) {
      Page<StoredEvent> page = events.list(viewer, all, new PageRequest(1_000, after));
      count += page.items().size();
      hasMore = page.hasMore();
      after = hasMore ? page.items().getLast().id().value() : null;
    }
    return count;
  }

  private Map<String, Long> bytes() {
    Map<String, Long> bytes = new LinkedHashMap<>();
    for (String table :
        List.of(
            "event",
            "notification",
            "integration_run",
            "integration_run_attempt",
            "integration_failure",
            "idempotency_key")) {
      bytes.put(
          table,
          number(
              "select sum(pg_total_relation_size(inhrelid)) from pg_inherits where inhparent = '"
                  + table
                  + "'::regclass"));
    }
    return bytes;
  }

  private long partitions() {
    return number(
        "select count(*) from pg_class where relnamespace = current_schema()::regnamespace and"
            + " relkind = 'r' and relname ~ '_[0-9]{8}$'");
  }

  private long number(String sql) {
    return Long.parseLong(postgres.value(sql));
  }

  private void require(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError(now + " " + what);
    }
  }

  /** Days, and events a day; prints a line for each day, and fails when one is wrong. */
  public static void main(String[] arguments) {
    int days = Integer.parseInt(arguments[0]);
    int perDay = Integer.parseInt(arguments[1]);
    PostgresFixture postgres = new PostgresFixture();
    postgres.open();
    try (RetentionSimulation simulation = new RetentionSimulation(postgres, 28, 7, perDay)) {
      System.out.println("day  visible  partitions  MB of days  MB of keys");
      List<Day> flat = new ArrayList<>();
      for (int number = 0; number < days; number++) {
        Day day = simulation.day(number);
        System.out.printf(
            "%3d  %7d  %10d  %10.1f  %10.1f%n",
            number + 1,
            day.visible(),
            day.partitions(),
            day.bytesOfDays() / 1e6,
            day.bytesOfKeys() / 1e6);
        if (number > 28) {
          flat.add(day);
        }
      }
      LongSummaryStatistics bytes = flat.stream().mapToLong(Day::bytesOfDays).summaryStatistics();
      System.out.printf(
          "from day 30 on %.1f to %.1f MB of days; %.0f deliveries ended with their event%n",
          bytes.getMin() / 1e6, bytes.getMax() / 1e6, simulation.count("tocsin.runs.expired"));
    } finally {
      postgres.close();
    }
  }
}
