package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.api.ScheduledEventConfiguration.Content;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Catalog;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Rules;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.pgclient.PgException;
import java.net.URI;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
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
    PgNotificationConfigurations rules = new PgNotificationConfigurations(postgres.database());
    PgIntegrationConfigurations links = new PgIntegrationConfigurations(postgres.database());
    UUID id = StoreSamples.id();
    RuleId rule = new RuleId(StoreSamples.id());
    organizations.declare(List.of(variant(0)));
    String hook = postgres.value("select id from webhook");
    done(rules.create(author(ACME), rule, StoreSamples.rule("own", "true")));
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
            },
            () -> {
              for (int version = 1; !over.get(); version++) {
                done(rules.update(author(ACME), rule, version, StoreSamples.rule("own", "true")));
              }
              return null;
            },
            () -> {
              IntegrationId link = new IntegrationId(StoreSamples.id());
              while (!over.get()) {
                done(links.create(author(ACME), link, StoreSamples.link(rule.toString(), hook)));
                done(links.delete(author(ACME), link));
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
    assertThat(
            postgres.texts(
                "select concat_ws(' ', url, n.code) from webhook w"
                    + " join integration_configuration i on i.webhook_id = w.id and i.declared"
                    + " join notification_configuration n on n.id = i.rule_id"))
        .containsExactly("https://example.com/%1$d even".formatted(DECLARATIONS));
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
    return new DeclaredOrganization(
        "acme.yaml:2",
        ACME,
        "Acme " + number,
        ZoneId.of(isEven ? "UTC" : "Europe/Paris"),
        null,
        List.of(),
        List.of(),
        catalog,
        rules("https://example.com/" + number, isEven ? "even" : "odd"));
  }

  /** A webhook, and a rule that is sent to it. */
  private static Rules rules(String url, String code) {
    return new Rules(
        List.of(
            new Webhook(
                "acme.yaml:10",
                "ops",
                "Hook",
                "About it",
                URI.create(url),
                true,
                null,
                new Credentials.Signed("k", List.of("s")))),
        List.of(
            new Notification(
                "acme.yaml:20",
                code,
                "Rule",
                "About it",
                Samples.UPDATED,
                true,
                true,
                null,
                List.of("ops"))));
  }

  private static DeclaredOrganization withRules(String code) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        ACME,
        "Acme",
        ZoneId.of("UTC"),
        null,
        List.of(),
        List.of(),
        Catalog.OF_THE_SYSTEM,
        rules("https://example.com", code));
  }

  /**
   * The credentials of one that is not there yet are sealed for an id that another node does not
   * know.
   */
  @Test
  void nodes_that_declare_the_same_at_once_agree() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    Callable<Void> node =
        () -> {
          together.await();
          assertThat(organizations.declare(List.of(withRules("a"))).conflicts()).isEmpty();
          return null;
        };
    run(List.of(node, node, node));

    assertThat(postgres.value("select version from rule_set")).isEqualTo("2");
    UUID id = UUID.fromString(postgres.value("select id from webhook"));
    byte[] sealed =
        HexFormat.of()
            .parseHex(postgres.value("select encode(credentials_sealed, 'hex') from webhook"));
    assertThat(StoreSamples.seal(1).open(ACME, new WebhookId(id), sealed))
        .isEqualTo(new Credentials.Signed("k", List.of("s")));
  }

  /** It had looked for the code before, and found it free. */
  @Test
  void a_code_that_is_given_through_the_api_meanwhile_is_in_conflict() throws Exception {
    organizations.declare(List.of(declared(ACME, "Acme", "UTC", Catalog.OF_THE_SYSTEM)));
    try (ExecutorService thread = Executors.newSingleThreadExecutor();
        Connection call = postgres.connect();
        Statement statement = call.createStatement()) {
      call.setAutoCommit(false);
      statement.execute(
          "insert into notification_configuration values ('%s', '%s', 'a', 'n', 'd', 'e', true, true,"
                  .formatted(ACME, StoreSamples.id())
              + " null, 1, now(), now(), 'tester', 'tester')");
      Future<Applied> declaration =
          thread.submit(() -> organizations.declare(List.of(withRules("a"))));
      boolean waits = false;
      while (!waits && !declaration.isDone()) {
        try (ResultSet rows =
            statement.executeQuery(
                "select 1 from pg_locks where locktype = 'transactionid' and not granted")) {
          waits = rows.next();
        }
      }
      assertThat(declaration.isDone()).isFalse();
      call.commit();

      assertThat(declaration.get().conflicts()).hasSize(1);
    }
    assertThat(postgres.value("select count(*) from webhook")).isEqualTo("0");
    assertThat(postgres.value("select version from rule_set")).isEqualTo("1");
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
