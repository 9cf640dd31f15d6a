package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.api.Events;
import dev.tocsin.api.Events.Period;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.Viewer;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.ExpiredPartitions.Dropped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropping days on a real database: nobody waits for it, and what was interrupted is mended. */
class ExpiredPartitionsPgTest {
  /** There are partitions for this day, the one before and the one after. */
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  private static final int ALL = 1_000;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final AtomicLong counter = new AtomicLong();
  private Instant now = NOON;
  private OrganizationId acme;
  private Database pool;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    pool = postgres.open("expiry", Map.of("lock_timeout", "200ms"));
  }

  @AfterEach
  void close() {
    pool.close();
  }

  private PgExpiredPartitions partitions(Database database) {
    return new PgExpiredPartitions(database, new Retention(() -> now, 28), Duration.ofDays(28));
  }

  private Dropped dropAll() {
    return partitions(pool).dropSome(ALL, () -> {});
  }

  @Test
  void a_day_is_dropped_from_every_table_when_its_last_millisecond_has_expired() {
    now = Instant.parse("2026-12-20T23:59:59.999Z");
    assertThat(dropAll()).isEqualTo(new Dropped(0, 0));

    now = now.plusMillis(1);
    assertThat(dropAll()).isEqualTo(new Dropped(5, 0));

    assertThat(tables("20261122")).isZero();
    assertThat(tables("20261123")).isEqualTo(5);
    assertThat(dropAll()).isEqualTo(new Dropped(0, 0));
  }

  @Test
  void more_than_a_round_drops_is_dropped_by_the_next() {
    now = Instant.parse("2026-12-22T00:00:00Z");

    AtomicInteger keeps = new AtomicInteger();
    assertThat(partitions(pool).dropSome(6, keeps::incrementAndGet)).isEqualTo(new Dropped(6, 0));
    assertThat(keeps).as("kept before each").hasValue(6);
    assertThat(partitions(pool).dropSome(6, () -> {})).isEqualTo(new Dropped(4, 0));
    assertThat(tables("20261122")).isZero();
    assertThat(tables("20261123")).isZero();
    assertThat(tables("20261124")).isEqualTo(5);
  }

  /** 2026-11-26 begins the generation after that of the days that there are. */
  @Test
  void a_generation_of_keys_is_dropped_when_no_commit_looks_for_keys_there_any_more() {
    now = Instant.parse("2026-12-24T00:09:59Z");
    dropAll();
    assertThat(generations()).contains("idempotency_key_2968");

    now = Instant.parse("2026-12-24T00:10:00Z");
    assertThat(dropAll()).isEqualTo(new Dropped(1, 0));
    assertThat(generations()).doesNotContain("idempotency_key_2968").hasSize(1);
  }

  @Test
  void there_is_no_partition_for_what_has_none_of_its_own() {
    assertThat(
            postgres.value(
                "select count(*) from pg_partitioned_table t join pg_class c on c.oid = t.partrelid"
                    + " where c.relnamespace = current_schema()::regnamespace and partdefid <> 0"))
        .isEqualTo("0");
  }

  /**
   * A writer that had to wait would be cancelled: its statements may take no lock later than at
   * once.
   */
  @ParameterizedTest(name = "interrupted before: {0}")
  @ValueSource(booleans = {false, true})
  void writers_and_readers_do_not_wait_while_a_long_reader_keeps_a_day(boolean interrupted)
      throws Exception {
    store(NOON.minus(Duration.ofDays(1)));
    now = NOON.plus(Duration.ofDays(28));
    Database patient = postgres.open("expiry", Map.of("lock_timeout", "30s"));
    try (Connection reader = postgres.connect();
        ExecutorService threads = Executors.newFixedThreadPool(1)) {
      reader.setAutoCommit(false);
      assertThat(count(reader, "event_20261122")).isEqualTo(1);
      if (interrupted) {
        assertThat(partitions(pool).dropSome(1, () -> {})).isEqualTo(new Dropped(0, 1));
      }
      Future<Dropped> dropping = threads.submit(() -> partitions(patient).dropSome(1, () -> {}));
      awaitWaiting();

      try (Connection quick = postgres.connect();
          Statement statement = quick.createStatement()) {
        statement.execute("set lock_timeout = '1ms'");
        statement.execute(insert(NOON));
        statement.execute("update event set dt_actioned = now() where id > '" + id(NOON) + "'");
        assertThat(count(quick, "event")).isEqualTo(1);
      }
      assertThat(ledgerStores(NOON)).isTrue();
      assertThat(dropping.isDone()).isFalse();
      assertThat(count(reader, "event_20261122")).as("the reader still reads").isEqualTo(1);
      reader.commit();
      assertThat(dropping.get()).isEqualTo(new Dropped(1, 0));
    } finally {
      patient.close();
    }
    assertThat(postgres.value("select to_regclass('event_20261122')")).isEqualTo("null");
  }

  @Test
  void a_detaching_that_was_interrupted_is_finished_by_a_later_round() throws Exception {
    store(NOON.minus(Duration.ofDays(1)));
    now = NOON.plus(Duration.ofDays(28));
    try (Connection reader = postgres.connect()) {
      reader.setAutoCommit(false);
      count(reader, "event");

      assertThat(partitions(pool).dropSome(1, () -> {})).isEqualTo(new Dropped(0, 1));
      assertThat(detaching()).isEqualTo("event_20261122");
      assertThat(partitions(pool).dropSome(1, () -> {}))
          .as("is still read")
          .isEqualTo(new Dropped(0, 1));
      assertThat(detaching()).isEqualTo("event_20261122");
      assertThat(ledgerStores(NOON)).as("can be written beside").isTrue();
      reader.commit();
    }

    assertThat(partitions(pool).dropSome(1, () -> {})).isEqualTo(new Dropped(1, 0));
    assertThat(postgres.value("select to_regclass('event_20261122')")).isEqualTo("null");
    assertThat(dropAll()).isEqualTo(new Dropped(4, 0));
  }

  @Test
  void a_partition_that_was_detached_and_not_dropped_is_dropped_by_a_later_round() {
    postgres.execute("alter table event detach partition event_20261122");
    postgres.execute("alter table integration_run detach partition integration_run_20261122");
    assertThat(dropAll()).as("not past retention").isEqualTo(new Dropped(0, 0));
    now = NOON.plus(Duration.ofDays(28));

    assertThat(dropAll()).isEqualTo(new Dropped(5, 0));
    assertThat(tables("20261122")).isZero();
  }

  @Test
  void other_tables_are_left_alone_whatever_they_are_called() {
    postgres.execute("create table event_20201122_kept (); create table events_20201122 ()");
    now = NOON.plus(Duration.ofDays(28));

    dropAll();
    assertThat(tables("20201122_kept")).isEqualTo(1);
    assertThat(tables("20201122")).isEqualTo(1);
  }

  @Test
  void runs_that_wait_and_failures_to_be_told_keep_their_day_for_one_day_more() {
    postgres.execute(
        """
        insert into integration_failure values ('%s', '%s', 'perform', 1, 'ERROR', null, 'no', now(), now())
        """
            .formatted(acme, id(NOON.minus(Duration.ofDays(1)))));
    now = NOON.plus(Duration.ofDays(28));

    assertThat(dropAll()).isEqualTo(new Dropped(2, 0));
    assertThat(tables("20261122")).isEqualTo(3);
    now = NOON.plus(Duration.ofDays(29));
    assertThat(dropAll()).as("and all of the day after").isEqualTo(new Dropped(8, 0));
    assertThat(tables("20261122")).isZero();
  }

  /** Plans that name a partition are made again when it goes, and nothing fails meanwhile. */
  @Test
  void commits_and_lists_go_on_while_one_day_after_the_other_is_dropped() throws Exception {
    LocalDate first = LocalDate.parse("2026-11-01");
    postgres.ensurePartitions(first, LocalDate.parse("2026-11-24"));
    for (int day = 0; day < 4; day++) {
      store(first.plusDays(day).atTime(12, 0).toInstant(ZoneOffset.UTC));
    }
    AtomicBoolean over = new AtomicBoolean();
    Database reads = postgres.open("events", PgEvents.SESSION);
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> commits = threads.submit(repeat(over, () -> ledgerStores(NOON)));
      Events events = new PgEvents(reads, organization -> EventId.floor(NOON));
      Future<Integer> lists = threads.submit(repeat(over, () -> lists(events)));
      Events all = new PgEvents(reads, StoreSamples.EVERYTHING);
      Future<Integer> wholes = threads.submit(repeat(over, () -> lists(all)));
      Database patient = postgres.open("expiry", PgExpiredPartitions.SESSION);
      int dropped = 0;
      for (int day = 1; day <= 4; day++) {
        now = first.plusDays(day + 28).atStartOfDay().toInstant(ZoneOffset.UTC);
        while (tables("202611%02d".formatted(day)) > 0) {
          dropped += partitions(patient).dropSome(ALL, () -> {}).dropped();
        }
      }
      over.set(true);
      assertThat(dropped).isGreaterThanOrEqualTo(20);
      assertThat(commits.get()).isPositive();
      assertThat(lists.get()).isPositive();
      assertThat(wholes.get()).isPositive();
      patient.close();
    } finally {
      over.set(true);
      reads.close();
    }
  }

  private static Callable<Integer> repeat(AtomicBoolean over, Callable<Boolean> work) {
    return () -> {
      int times = 0;
      while (!over.get()) {
        assertThat(work.call()).isTrue();
        times++;
      }
      return times;
    };
  }

  private boolean lists(Events events) {
    Viewer viewer = new Viewer(acme, HiddenEvents.NONE);
    Events.Filter filter =
        new Events.Filter(
            List.of(), null, null, "account-1", null, null, null, true, Period.ALWAYS);
    events.list(viewer, filter, new PageRequest(100, null));
    return true;
  }

  private boolean ledgerStores(Instant created) throws Exception {
    Database database = postgres.database();
    Judged judged =
        new Judged(
            acme,
            new EventId(id(created)),
            Samples.update(null, "c-1", 1),
            null,
            null,
            List.of(),
            List.of(),
            List.of());
    return new PgLedger(
            database,
            Duration.ofDays(28),
            () -> created,
            StoreSamples.EVERYTHING,
            new UUID(9, 9),
            Duration.ofMinutes(1),
            Duration.ofDays(1))
        .commit(List.of(judged), Map.of(acme, 1L), Set.of()).verdicts().stream()
            .allMatch(Verdict.Stored.class::isInstance);
  }

  private void store(Instant created) {
    postgres.execute(insert(created));
  }

  private String insert(Instant created) {
    return "insert into event (organization_id, id, event_name, event_type, event_time) values ('%s',"
            .formatted(acme)
        + " '%s', 'a.b.c', 'CustomEvent', now())".formatted(id(created));
  }

  private UUID id(Instant created) {
    return new UUID(
        created.toEpochMilli() << 16 | 0x7000, Long.MIN_VALUE | counter.incrementAndGet());
  }

  private static int count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  /** Asks until the dropping waits for the reader. */
  private void awaitWaiting() {
    String waits =
        "select count(*) from pg_stat_activity where application_name = 'tocsin-expiry'"
            + " and wait_event_type = 'Lock' and query like 'alter table%'";
    while (postgres.value(waits).equals("0")) {
      Thread.onSpinWait();
    }
  }

  private String detaching() {
    return postgres.value(
        "select string_agg(inhrelid::regclass::text, ',') from pg_inherits i join pg_class c on c.oid"
            + " = i.inhparent where inhdetachpending and c.relnamespace ="
            + " current_schema()::regnamespace");
  }

  private int tables(String ending) {
    return Integer.parseInt(
        postgres.value(
            "select count(*) from pg_class where relnamespace = current_schema()::regnamespace and"
                + " relkind = 'r' and relname like '%\\_"
                + ending
                + "'"));
  }

  private List<String> generations() {
    List<String> names = new ArrayList<>();
    String all =
        postgres.value(
            "select coalesce(string_agg(inhrelid::regclass::text, ','), '') from pg_inherits where"
                + " inhparent = 'idempotency_key'::regclass");
    names.addAll(List.of(all.split(",")));
    return names;
  }
}
