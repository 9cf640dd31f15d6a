package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.rule;
import static dev.tocsin.store.StoreSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.Webhook;
import dev.tocsin.api.Written;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Transition;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes of rules against commits of events, and against each other. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RuleSetChangePgTest {
  private static final int CHANGES = 60;
  private static final int COMMITTERS = 3;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private final RuleId id = new RuleId(StoreSamples.id());
  private OrganizationId acme;
  private PgNotificationConfigurations rules;
  private PgWebhooks webhooks;
  private PgRuleSets ruleSets;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    rules = new PgNotificationConfigurations(postgres.database());
    webhooks = new PgWebhooks(postgres.database(), StoreSamples.seal(1));
    ruleSets =
        new PgRuleSets(
            postgres.database(),
            StoreSamples.seal(1),
            CalculationParser.within(CalculationLimits.DEFAULTS),
            new SimpleMeterRegistry());
  }

  /**
   * Every event says by which version it was judged, so that the database itself can tell whether
   * one came after the change that made its version old.
   */
  @Test
  void after_an_acknowledged_change_nothing_judged_by_older_rules_is_stored_and_none_starves_it()
      throws Exception {
    rules.create(author(acme), id, rule("a", null));
    AtomicBoolean changed = new AtomicBoolean();
    AtomicLong stored = new AtomicLong();
    Map<Long, Long> olderWhenAcknowledged = new LinkedHashMap<>();
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < COMMITTERS; i++) {
      work.add(() -> commitUntil(changed, stored));
    }
    work.add(() -> {
      try {
        for (int version = 1; version <= CHANGES; version++) {
          // Each change is made while commits pass, not before the first or between two of them.
          awaitMoreThan(stored.get() + COMMITTERS, stored);
          long inForce =
              done(rules.update(author(acme), id, version, rule("a", null))).ruleSetVersion();
          olderWhenAcknowledged.put(inForce, storedOlderThan(inForce));
        }
      } finally {
        changed.set(true);
      }
      return null;
    });

    run(work);
    assertThat(olderWhenAcknowledged).hasSize(CHANGES);
    olderWhenAcknowledged.forEach((version, older) ->
        assertThat(storedOlderThan(version)).as("older than %s", version).isEqualTo(older));
  }

  /** Commits event after event, by the rules last loaded, as an instance of evaluate does. */
  private Void commitUntil(AtomicBoolean changed, AtomicLong stored) {
    try (Database pool = postgres.open("ledger", PgLedger.SESSION)) {
      Ledger ledger = ledger(pool);
      long version = load().version();
      while (!changed.get()) {
        Ledger.Committed committed =
            ledger.commit(List.of(event(acme, version)), Map.of(acme, version), Set.of());
        switch (committed.verdicts().getFirst()) {
          case Verdict.Stored s -> stored.incrementAndGet();
          case Verdict.StaleRules s -> version = load().version();
          case Verdict.StaleState s -> throw new AssertionError("no event has an entity");
          case Verdict.Duplicate duplicate -> throw new AssertionError("no event has a key");
        }
      }
    } finally {
      changed.set(true);
    }
    return null;
  }

  private long storedOlderThan(long version) {
    return Long.parseLong(
        postgres.value(
            "select count(*) from event where organization_id = '"
                + acme
                + "' and account_id::bigint < "
                + version));
  }

  /** Nor do events starve while rules change one after the other. */
  @Test
  void a_change_waits_for_a_hold_and_the_holders_commit_does_not_wait_for_the_change()
      throws Exception {
    rules.create(author(acme), id, rule("a", null));
    try (Database pool = postgres.open("ledger", PgLedger.SESSION);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      AtomicReference<Future<?>> change = new AtomicReference<>();
      ruleSets.hold(
          acme,
          source -> {
            long version =
                source.load(Set.of(acme)).getOrDefault(acme, new RuleSet(0, List.of())).version();
            change.set(threads.submit(() -> rules.update(author(acme), id, 1, rule("b", null))));
            awaitWaitingChange();
            assertThat(
                    ledger(pool)
                        .commit(List.of(event(acme, version)), Map.of(acme, version), Set.of(acme))
                        .verdicts())
                .containsExactly(new Verdict.Stored());
            assertThat(change.get()).isNotDone();
          });
      change.get().get();
    }
    assertThat(load().version()).isEqualTo(3);
  }

  private static void awaitWaitingChange() {
    while (postgres
        .value("select count(*) from pg_locks where classid = 461905 and not granted")
        .equals("0")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void changes_at_once_all_count() throws Exception {
    rules.create(author(acme), id, rule("a", null));
    Set<Long> versions = new ConcurrentSkipListSet<>();
    CyclicBarrier together = new CyclicBarrier(2);
    run(
        List.of(
            () -> {
              for (int version = 1; version <= CHANGES; version++) {
                together.await();
                versions.add(
                    done(rules.update(author(acme), id, version, rule("a", null)))
                        .ruleSetVersion());
              }
              return null;
            },
            () -> {
              for (int i = 0; i < CHANGES; i++) {
                together.await();
                versions.add(done(create(new WebhookId(StoreSamples.id()))).ruleSetVersion());
              }
              return null;
            }));

    assertThat(versions).hasSize(2 * CHANGES);
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(2 + 2 * CHANGES);
  }

  @Test
  void of_updates_at_once_of_one_version_one_is_made() throws Exception {
    rules.create(author(acme), id, rule("a", null));
    CyclicBarrier together = new CyclicBarrier(3);
    List<Written<NotificationConfiguration>> outcomes = new ArrayList<>();
    Callable<Written<NotificationConfiguration>> update =
        () -> {
          together.await();
          return rules.update(author(acme), id, 1, rule("a", null));
        };
    outcomes.addAll(run(List.of(update, update, update)));

    assertThat(outcomes).filteredOn(Written.Done.class::isInstance).hasSize(1);
    assertThat(outcomes).filteredOn(new Written.Stale<>(2)::equals).hasSize(2);
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(3);
  }

  @Test
  void a_change_waits_for_the_commits_under_way_and_one_that_is_refused_does_not()
      throws Exception {
    rules.create(author(acme), id, rule("a", null));
    WebhookId hook = new WebhookId(StoreSamples.id());
    create(hook);
    try (Connection commit = postgres.connect();
        Statement statement = commit.createStatement();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      commit.setAutoCommit(false);
      statement.execute(
          "select pg_advisory_xact_lock_shared(461905, " + RuleSetLock.stripe(acme) + ")");

      assertThat(rules.update(author(acme), id, 9, rule("b", null)))
          .isEqualTo(new Written.Stale<>(1));
      RuleId other = new RuleId(StoreSamples.id());
      assertThat(rules.delete(author(acme), other)).isEqualTo(new Written.Missing<>());
      assertThat(rules.create(author(acme), other, rule("a", null)))
          .isEqualTo(new Written.CodeTaken<>("a"));
      assertThat(done(webhooks.setActive(author(acme), hook, true)).ruleSetVersion()).isEqualTo(3);

      Future<Written<NotificationConfiguration>> change =
          thread.submit(() -> rules.delete(author(acme), id));
      awaitWaiting(statement, change);
      assertThat(change.isDone()).isFalse();
      commit.rollback();
      assertThat(done(change.get()).ruleSetVersion()).isEqualTo(4);
    }
  }

  /** Until the change waits for the gate, or is through without. */
  private static void awaitWaiting(Statement statement, Future<?> change) throws SQLException {
    boolean waits = false;
    while (!waits && !change.isDone()) {
      try (ResultSet rows =
          statement.executeQuery(
              "select 1 from pg_locks where locktype = 'advisory' and classid = 461905"
                  + " and not granted")) {
        waits = rows.next();
      }
    }
  }

  private static void awaitMoreThan(long count, AtomicLong counter) {
    while (counter.get() <= count && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private static <T> List<T> run(List<Callable<T>> work) throws Exception {
    List<T> results = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<T> future : threads.invokeAll(work)) {
        results.add(future.get());
      }
    }
    return results;
  }

  private RuleSet load() {
    RuleSet loaded = ruleSets.load(List.of(acme)).get(acme);
    assertThat(loaded).isNotNull();
    return loaded;
  }

  private Written<Webhook> create(WebhookId webhook) {
    return webhooks.create(
        author(acme), webhook, StoreSamples.id(), webhook(null), new Credentials.Unsigned());
  }

  private static Judged event(OrganizationId organization, long judgedBy) {
    IncomingEvent event =
        new IncomingEvent(
            null,
            Samples.UPDATED,
            Category.CONFIGURATION,
            Samples.NOW,
            IncomingEvent.Timing.SENT,
            null,
            Transition.NONE,
            Long.toString(judgedBy),
            Samples.payload("{}"),
            null);
    return new Judged(
        organization,
        new EventId(StoreSamples.id()),
        event,
        null,
        null,
        List.of(),
        List.of(),
        List.of());
  }

  private static Ledger ledger(Database database) {
    return new PgLedger(
        database,
        Duration.ofDays(28),
        () -> Samples.NOW,
        new UUID(9, 9),
        Duration.ofMinutes(1),
        Duration.ofDays(1));
  }
}
