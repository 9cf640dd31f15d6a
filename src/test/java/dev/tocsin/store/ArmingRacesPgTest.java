package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Judged.Appointment;
import dev.tocsin.evaluate.Judged.Assumption;
import dev.tocsin.evaluate.Ledger;
import dev.tocsin.evaluate.LedgerException;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Commits that arm against changes of what there is to arm, and against each other. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ArmingRacesPgTest {
  private static final int CONFIGURATIONS = 30;
  private static final int COMMITTERS = 3;
  private static final int MOVES = 200;
  private static final int BIRTHS = 50;

  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private OrganizationId acme;
  private PgScheduledEventConfigurations configurations;
  private PgRuleSets ruleSets;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    configurations = new PgScheduledEventConfigurations(postgres.database(), CONFIGURATIONS);
    ruleSets =
        new PgRuleSets(
            postgres.database(),
            StoreSamples.seal(1),
            CalculationParser.within(CalculationLimits.DEFAULTS),
            new SimpleMeterRegistry());
  }

  /** What a commit does not arm, whoever walks through the states after the change must find. */
  @Test
  void a_state_is_armed_for_a_new_configuration_or_there_when_that_is_acknowledged()
      throws Exception {
    AtomicBoolean changed = new AtomicBoolean();
    AtomicLong stored = new AtomicLong();
    Map<UUID, Set<String>> thereThen = new LinkedHashMap<>();
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < COMMITTERS; i++) {
      String committer = "c" + i;
      work.add(() -> commitUntil(changed, stored, committer));
    }
    work.add(() -> {
      try {
        for (int i = 0; i < CONFIGURATIONS; i++) {
          awaitMoreThan(stored.get() + COMMITTERS, stored);
          UUID id = create(i);
          thereThen.put(id, Set.copyOf(entities("select entity_id from entity_state")));
        }
        awaitMoreThan(stored.get() + COMMITTERS, stored);
      } finally {
        changed.set(true);
      }
      return null;
    });
    run(work);

    Set<String> all = Set.copyOf(entities("select entity_id from entity_state"));
    assertThat(thereThen).hasSize(CONFIGURATIONS);
    thereThen.forEach((configuration, before) -> {
      List<String> found =
          new ArrayList<>(
              entities(
                  "select entity_id from scheduled_due where configuration_id = '%s'"
                      .formatted(configuration)));
      assertThat(found).as("armed by commits").isNotEmpty();
      found.addAll(before);
      assertThat(found).containsAll(all);
    });
  }

  private UUID create(int number) {
    UUID id = StoreSamples.id();
    Content content = new Content(new EventName("scheduled.bill.e" + number), "Bill", "endDate", 0);
    done(configurations.create(author(acme), id, content));
    return id;
  }

  private List<String> entities(String query) {
    return postgres.texts(
        query
            + (query.contains("where") ? " and" : " where")
            + " organization_id = '"
            + acme
            + "'");
  }

  private Void commitUntil(AtomicBoolean changed, AtomicLong stored, String committer) {
    try (Database pool = postgres.open("ledger", PgLedger.SESSION)) {
      Ledger ledger = ledger(pool);
      RuleSet rules = load();
      for (int i = 0; !changed.get(); i++) {
        Judged judged = bill(rules, committer + "-" + i, 1);
        boolean isStored = isStored(ledger, judged, rules);
        stored.addAndGet(isStored ? 1 : 0);
        rules = isStored ? rules : load();
      }
    } finally {
      changed.set(true);
    }
    return null;
  }

  /**
   * Both commits of an entity wait for its state, one after the other; the later one has to find
   * what the earlier one armed, though that was not there when it began.
   */
  @Test
  void of_states_that_are_stored_at_once_the_last_one_alone_has_an_appointment() throws Exception {
    create(1);
    RuleSet rules = load();
    List<Callable<Void>> work = new ArrayList<>();
    for (int committer = 0; committer < COMMITTERS; committer++) {
      int first = committer;
      work.add(() -> {
        try (Database pool = postgres.open("ledger", PgLedger.SESSION)) {
          Ledger ledger = ledger(pool);
          for (int move = 0; move < MOVES; move++) {
            assertThat(isStored(ledger, bill(rules, "b", 1 + first + COMMITTERS * move), rules))
                .isTrue();
          }
        }
        return null;
      });
    }
    // The state is there, so that nobody brings it into being at once.
    assertThat(isStored(ledger(postgres.database()), bill(rules, "b", 0), rules)).isTrue();
    run(work);

    assertThat(entities("select value from scheduled_due"))
        .containsExactly(entities("select state ->> 'endDate' from entity_state").getFirst());
  }

  /** Both meet what is left, and both commit once more. */
  @Test
  void an_entity_is_brought_into_being_once_where_another_kind_left_an_appointment()
      throws Exception {
    UUID configuration = create(1);
    RuleSet rules = load();
    postgres.execute(
        """
        insert into scheduled_due (organization_id, configuration_id, entity_id, due_at, arming, value,
          dt_armed)
        select '%s', '%s', 'b' || n, '2027-01-02T00:00:00Z', 0, '2027-01-02', '%s'
        from generate_series(1, %d) n
        """
            .formatted(acme, configuration, Samples.NOW, BIRTHS));
    CyclicBarrier together = new CyclicBarrier(2);
    AtomicLong stored = new AtomicLong();
    Callable<Void> bearing =
        () -> {
          try (Database pool = postgres.open("ledger", PgLedger.SESSION)) {
            Ledger ledger = ledger(pool);
            for (int birth = 1; birth <= BIRTHS; birth++) {
              Judged judged = born(bill(rules, "b" + birth, 1));
              together.await(1, TimeUnit.MINUTES);
              stored.addAndGet(isFirst(ledger, judged, rules) ? 1 : 0);
            }
          }
          return null;
        };
    run(List.of(bearing, bearing));

    assertThat(stored).hasValue(BIRTHS);
    assertThat(entities("select entity_id from entity_state")).hasSize(BIRTHS);
    assertThat(entities("select entity_id from scheduled_due where arming = 1")).hasSize(BIRTHS);
  }

  /** Judged as the change of an entity that there is not yet. */
  private static Judged born(Judged judged) {
    return new Judged(
        judged.organization(),
        judged.id(),
        judged.event(),
        null,
        new Assumption(null),
        judged.firings(),
        judged.failures(),
        judged.appointments());
  }

  private boolean isFirst(Ledger ledger, Judged judged, RuleSet rules) {
    try {
      Verdict verdict =
          ledger
              .commit(List.of(judged), Map.of(acme, rules.version()), Set.of())
              .verdicts()
              .getFirst();
      assertThat(verdict).isInstanceOfAny(Verdict.Stored.class, Verdict.StaleState.class);
      return verdict instanceof Verdict.Stored;
    } catch (LedgerException.Conflict e) {
      return false;
    }
  }

  private boolean isStored(Ledger ledger, Judged judged, RuleSet rules) {
    Verdict verdict =
        ledger
            .commit(List.of(judged), Map.of(acme, rules.version()), Set.of())
            .verdicts()
            .getFirst();
    assertThat(verdict).isInstanceOfAny(Verdict.Stored.class, Verdict.StaleRules.class);
    return verdict instanceof Verdict.Stored;
  }

  /** A bill that ends so many days after the first day of 2027. */
  private Judged bill(RuleSet rules, String id, int days) {
    Payload state =
        Samples.payload(
            "{\"id\":\"%s\",\"endDate\":\"%s\"}"
                .formatted(id, LocalDate.of(2027, 1, 1).plusDays(days)));
    IncomingEvent event =
        new IncomingEvent(
            null,
            new EventName("billing.bill.updated"),
            Category.BILLING,
            Samples.NOW,
            IncomingEvent.Timing.SENT,
            new EntityRef("Bill", id),
            Transition.UPDATED,
            null,
            state,
            null);
    List<Appointment> appointments =
        rules.dates().of("Bill").stream()
            .map(date ->
                new Appointment(
                    date, Objects.requireNonNull(date.due(state, rules.dates().zone()))))
            .toList();
    return new Judged(
        acme,
        new EventId(StoreSamples.id()),
        event,
        null,
        null,
        List.of(),
        List.of(),
        appointments);
  }

  private RuleSet load() {
    return Objects.requireNonNull(ruleSets.load(List.of(acme)).get(acme));
  }

  private static Ledger ledger(Database database) {
    return new PgLedger(
        database,
        Duration.ofDays(28),
        () -> Samples.NOW,
        StoreSamples.EVERYTHING,
        new UUID(9, 9),
        Duration.ofMinutes(1),
        Samples.LATE_WINDOW);
  }

  private static void awaitMoreThan(long count, AtomicLong counter) {
    while (counter.get() <= count && !Thread.currentThread().isInterrupted()) {
      Thread.onSpinWait();
    }
  }

  private static void run(List<Callable<Void>> work) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      for (Future<Void> future : threads.invokeAll(work)) {
        future.get();
      }
    }
  }
}
