package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Catalog;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import io.vertx.pgclient.PgException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Files that are declared while the API is called and events are committed. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeclareRacesPgTest {
  private static final int DECLARATIONS = 60;
  private static final OrganizationId ACME = Samples.organization(1);
  private static final OrganizationId BOLT = Samples.organization(2);

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private PgOrganizations organizations;

  @BeforeEach
  void open() {
    organizations =
        new PgOrganizations(
            postgres.database(),
            StoreSamples::id,
            () -> Samples.NOW,
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            StoreSamples.seal(1));
  }

  /** Whoever takes the same locks in another order is ended by PostgreSQL sooner or later. */
  @Test
  void changes_through_the_api_and_declarations_at_once_all_go_through() throws Exception {
    CustomEntity visit = new CustomEntity("Visit", "crm", List.of("day"));
    PgCustomEntities entities = new PgCustomEntities(postgres.database(), 10);
    PgScheduledEventConfigurations scheduled =
        new PgScheduledEventConfigurations(postgres.database(), 10);
    UUID id = StoreSamples.id();
    organizations.declare(List.of(variant(0)));
    done(entities.create(author(ACME), visit));
    done(scheduled.create(author(ACME), id, visits(0), Set.of(visit)));
    AtomicBoolean over = new AtomicBoolean();

    run(
        List.of(
            () -> {
              try {
                for (int i = 1; i <= DECLARATIONS; i++) {
                  organizations.declare(List.of(variant(i)));
                }
              } finally {
                over.set(true);
              }
              return null;
            },
            () -> {
              for (int version = 1; !over.get(); version++) {
                done(scheduled.update(author(ACME), id, version, visits(version), Set.of(visit)));
              }
              return null;
            },
            () -> {
              for (int version = 1; !over.get(); version++) {
                done(entities.update(author(ACME), visit, version));
              }
              return null;
            }));

    assertThat(postgres.value("select name || ' ' || time_zone from organization"))
        .isEqualTo("Acme %d %s".formatted(DECLARATIONS, "UTC"));
    assertThat(
            postgres.texts(
                "select concat_ws(' ', name, offset_days) from scheduled_event_configuration"
                    + " where declared order by name"))
        .containsExactly("scheduled.bill.end " + DECLARATIONS);
  }

  /** Every one differs from the one before in everything that a file declares of a catalog. */
  private static DeclaredOrganization variant(int number) {
    boolean isEven = number % 2 == 0;
    Catalog catalog =
        new Catalog(
            isEven,
            Stream.of("Lead", isEven ? "Deal" : "Call")
                .map(name -> new CustomEntity(name, "crm" + number % 2, List.of()))
                .toList(),
            List.of(
                new ScheduledEvent(
                    new ScheduledName(new EventName("scheduled.bill.end"), "Bill", "endDate"),
                    number)));
    return declared(ACME, "Acme " + number, isEven ? "UTC" : "Europe/Paris", catalog);
  }

  private static Content visits(int offset) {
    return new Content(new EventName("scheduled.visit.day"), "Visit", "day", offset);
  }

  /**
   * The one that is being moved waits for a commit of its own. The other's stripe is the lower one,
   * which whoever takes several takes first.
   */
  @Test
  void commits_of_an_organization_go_on_while_another_one_is_moved() throws Exception {
    List<OrganizationId> both =
        Stream.of(ACME, BOLT).sorted(Comparator.comparingInt(RuleSetLock::stripe)).toList();
    OrganizationId lower = both.getFirst();
    OrganizationId higher = both.getLast();
    assertThat(RuleSetLock.stripe(lower)).isLessThan(RuleSetLock.stripe(higher));
    declareInZone(both, "UTC");

    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection commit = postgres.connect();
        Statement statement = commit.createStatement()) {
      commit.setAutoCommit(false);
      statement.execute(
          "select pg_advisory_xact_lock_shared(461905, " + RuleSetLock.stripe(higher) + ")");
      Future<?> move = thread.submit(() -> declareInZone(both, "Europe/Paris"));
      awaitWaiting(statement, move);

      assertThat(move.isDone()).isFalse();
      assertThat(
              postgres.value(
                  "select pg_try_advisory_xact_lock_shared(461905, "
                      + RuleSetLock.stripe(lower)
                      + ")"))
          .as("the gate of a commit of the other")
          .isEqualTo("t");
      commit.rollback();
      move.get();
    }
    assertThat(postgres.texts("select distinct time_zone from organization"))
        .containsExactly("Europe/Paris");
  }

  private void declareInZone(List<OrganizationId> ids, String zone) {
    organizations.declare(
        ids.stream().map(id -> declared(id, "Of " + id, zone, Catalog.OF_THE_SYSTEM)).toList());
  }

  /** Until it waits for a gate, or is through without. */
  private static void awaitWaiting(Statement statement, Future<?> declaration) throws SQLException {
    boolean waits = false;
    while (!waits && !declaration.isDone()) {
      try (ResultSet rows =
          statement.executeQuery(
              "select 1 from pg_locks where locktype = 'advisory' and classid = 461905"
                  + " and not granted")) {
        waits = rows.next();
      }
    }
  }

  @Test
  void a_declaration_that_loses_against_another_change_is_made_again() {
    loseUntil(3);
    declareInZone(List.of(ACME), "UTC");
    assertThat(postgres.value("select time_zone from organization")).isEqualTo("UTC");

    postgres.execute("alter sequence tries restart");
    declareInZone(List.of(ACME), "Europe/Paris");
    assertThat(postgres.value("select time_zone from organization")).isEqualTo("Europe/Paris");
  }

  @Test
  void a_declaration_that_always_loses_says_so() {
    loseUntil(1_000_000);
    assertThatThrownBy(() -> declareInZone(List.of(ACME), "UTC"))
        .isInstanceOfSatisfying(
            PgException.class, e -> assertThat(e.getSqlState()).isEqualTo("40P01"));
    assertThat(postgres.value("select count(*) from organization")).isEqualTo("0");
  }

  /** Fails writes of organizations, as if they were the victims of deadlocks. */
  private void loseUntil(int number) {
    postgres.execute(
        """
        create sequence tries;
        create function lose() returns trigger language plpgsql as $$
        begin
          if nextval('tries') < %d then
            raise exception 'deadlock detected' using errcode = '40P01';
          end if;
          return new;
        end $$;
        create trigger lose before insert or update on organization
          for each row execute function lose()
        """
            .formatted(number));
  }

  private static DeclaredOrganization declared(
      OrganizationId id, String name, String zone, Catalog catalog) {
    return new DeclaredOrganization(
        "acme.yaml:2", id, name, ZoneId.of(zone), null, List.of(), List.of(), catalog);
  }

  private static void run(List<Callable<Void>> work) throws Exception {
    List<Future<Void>> ends = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      work.forEach(one -> ends.add(threads.submit(one)));
    }
    for (Future<Void> end : ends) {
      end.get();
    }
  }
}
