package dev.tocsin.store;

import static dev.tocsin.deliver.Samples.ACME;
import static dev.tocsin.deliver.Samples.BOLT;
import static dev.tocsin.deliver.Samples.NOW;
import static dev.tocsin.deliver.Samples.webhook;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.Organizations.Erasing;
import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.Problem;
import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.Samples;
import dev.tocsin.evaluate.Judged;
import dev.tocsin.evaluate.Verdict;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.ErasureSweep;
import dev.tocsin.expire.Erasures.Deleted;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An organization that is erased is shut at once, deleted in batches, and not brought back. */
class PgErasuresPgTest {
  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Retention retention = new Retention(() -> NOW, 28);
  private DeliveryRows rows;
  private Database delivery;
  private PgHorizon horizon;
  private PgOrganizationEnd organizations;
  private PgErasures erasures;

  @BeforeEach
  void two_organizations_that_have_something() {
    rows = new DeliveryRows(postgres);
    delivery = postgres.open("delivery", PgDeliveryStore.SESSION);
    horizon = new PgHorizon(postgres.database(), retention);
    organizations = new PgOrganizationEnd(postgres.database(), horizon);
    erasures = new PgErasures(postgres.database(), () -> NOW);
    assertThat(declare(declared(ACME, "Acme", "acme-key"), declared(BOLT, "Bolt", "bolt-key")))
        .isEmpty();
    rows.addWebhook(ACME, Samples.destination(webhook(1)));
    rows.addWebhook(BOLT, Samples.destination(webhook(2)));
    rows.addRun(ACME, 2, webhook(1), Duration.ofSeconds(1));
    rows.addRun(BOLT, 4, webhook(2), Duration.ofSeconds(1));
  }

  @AfterEach
  void close() throws SQLException {
    delivery.close();
    rows.close();
  }

  @Test
  void only_its_own_name_erases_an_organization_and_only_once() {
    assertThat(organizations.erase(ACME, "Bolt", NOW)).isEqualTo(new Erasing.Misnamed());
    assertThat(organizations.erase(ACME, "acme", NOW)).isEqualTo(new Erasing.Misnamed());
    assertThat(erasures.pending()).isEmpty();

    assertThat(organizations.erase(ACME, "Acme", NOW)).isEqualTo(new Erasing.Begun());
    assertThat(organizations.erase(ACME, "Acme", NOW)).isEqualTo(new Erasing.Missing());
    assertThat(organizations.erase(new OrganizationId(new UUID(7, 7)), "Acme", NOW))
        .isEqualTo(new Erasing.Missing());
    assertThat(erasures.pending()).containsExactly(ACME);
  }

  @Test
  void at_once_nobody_gets_in_and_nothing_is_stored_or_sent_while_others_go_on() {
    UUID user = UUID.fromString(userOf(ACME));
    organizations.erase(ACME, "Acme", NOW);

    PgAccessKeys keys = new PgAccessKeys(postgres.database());
    assertThat(keys.find("acme-key")).isEmpty();
    assertThat(keys.find("bolt-key")).isPresent();
    PgHolders holders = new PgHolders(postgres.database());
    assertThat(holders.find(ACME, new ServiceUserId(user))).isEmpty();
    assertThat(stores(ACME)).isFalse();
    assertThat(stores(BOLT)).isTrue();
    assertThat(claimed()).containsExactly(BOLT);
    assertThat(horizon.hides(ACME, Samples.message(ACME, 2).cause().id())).as("in hand").isFalse();
  }

  /** What a node has in hand is not sent: the event is not there any more, however young it is. */
  @Test
  void what_was_made_before_is_behind_the_horizon() {
    PgHorizon later =
        new PgHorizon(postgres.database(), new Retention(() -> NOW.plusMillis(1), 28));
    later.refresh();
    EventId event = Samples.message(ACME, 2).cause().id();
    assertThat(later.hides(ACME, event)).isFalse();

    organizations.erase(ACME, "Acme", NOW);
    later.refresh();

    assertThat(later.hides(ACME, event)).isTrue();
    assertThat(later.hides(BOLT, Samples.message(BOLT, 4).cause().id())).isFalse();
  }

  /** Made by somebody who had been let in before, on a node that had not heard of it yet. */
  @Test
  void a_key_that_is_made_afterwards_lets_nobody_in() {
    String user = userOf(ACME);
    organizations.erase(ACME, "Acme", NOW);
    postgres.execute(
        "insert into access_key values ('new-key', '%s', '%s', 'x', now(), 'me')"
            .formatted(ACME, user));

    assertThat(new PgAccessKeys(postgres.database()).find("new-key")).isEmpty();
  }

  @Test
  void everything_is_deleted_in_batches_and_nothing_of_others() {
    String others = contents(BOLT);
    organizations.erase(ACME, "Acme", NOW);

    int batches = 0;
    Deleted deleted;
    do {
      deleted = erasures.deleteSome(ACME, 2);
      assertThat(deleted.rows()).isLessThanOrEqualTo(2);
      batches++;
    } while (!deleted.done());

    assertThat(batches).isGreaterThan(3);
    PgErasures.TABLES.forEach(table -> assertThat(count(table, ACME)).as(table).isZero());
    assertThat(postgres.value("select string_agg(name, ',') from organization")).isEqualTo("Bolt");
    assertThat(contents(BOLT)).isEqualTo(others);
    assertThat(erasures.pending()).isEmpty();
    assertThat(postgres.value("select dt_erased is not null from organization_erasure"))
        .isEqualTo("t");
  }

  /** It goes by what is stored, so any node goes on where another stopped. */
  @Test
  void another_node_goes_on_where_one_stopped() {
    organizations.erase(ACME, "Acme", NOW);
    erasures.deleteSome(ACME, 2);
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    ErasureSweep other =
        new ErasureSweep(new PgErasures(postgres.database(), () -> NOW), 1_000, meters);

    ErasureSweep.Round round = other.runOnce(() -> {});

    assertThat(round.erased()).isEqualTo(1);
    assertThat(round.more()).isFalse();
    assertThat(other.runOnce(() -> {})).isEqualTo(new ErasureSweep.Round(0, 0, false));
    assertThat(meters.counter("tocsin.erasure.rows").count()).isEqualTo(round.rows());
  }

  /** On the server that was asked, and on others when they look the next time. */
  @Test
  void how_many_are_being_erased_is_known_at_once() {
    PgHorizon other = new PgHorizon(postgres.database(), retention);
    organizations.erase(ACME, "Acme", NOW);
    other.refresh();
    assertThat(horizon.erasing()).isEqualTo(1);
    assertThat(other.erasing()).isEqualTo(1);

    while (!erasures.deleteSome(ACME, 100).done()) {}
    other.refresh();

    assertThat(other.erasing()).isZero();
    assertThat(erasures.erased(List.of(ACME, BOLT))).containsExactly(ACME);
    assertThat(erasures.erased(List.of())).isEmpty();
  }

  @Test
  void a_file_does_not_bring_it_back_and_the_others_are_declared() {
    organizations.erase(ACME, "Acme", NOW);
    assertNotBroughtBack();
    while (!erasures.deleteSome(ACME, 100).done()) {}

    assertNotBroughtBack();
    assertThat(count("service_user", ACME)).isZero();
  }

  private void assertNotBroughtBack() {
    OrganizationId cord = new OrganizationId(UUID.randomUUID());
    assertThat(
            declare(
                declared(ACME, "Acme", "acme-key"),
                declared(BOLT, "Bolt", "bolt-key"),
                declared(cord, "Cord", "key-of-" + cord)))
        .containsExactly(
            new Problem(
                "acme.yaml:2",
                "organization.id: organization Acme ("
                    + ACME
                    + ") was erased on 2026-11-23T08:00:00Z and is not made again: remove the file,"
                    + " or give what it declares another id"));
    PgAccessKeys keys = new PgAccessKeys(postgres.database());
    assertThat(keys.find("acme-key")).isEmpty();
    assertThat(keys.find("key-of-" + cord)).isPresent();
    assertThat(stores(ACME)).isFalse();
  }

  /**
   * A table that is added later and has rows of organizations fails here until it is in the list.
   */
  @Test
  void every_table_with_rows_of_organizations_is_in_the_list() {
    String tables =
        postgres.value(
            """
            select string_agg(c.relname, ',')
            from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'organization_id'
            where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
              and not c.relispartition and c.relname <> 'organization_erasure'
            """);

    assertThat(new TreeSet<>(PgErasures.TABLES))
        .isEqualTo(new TreeSet<>(Arrays.asList(tables.split(","))));
  }

  private String userOf(OrganizationId organization) {
    return postgres.value(
        "select id from service_user where organization_id = '" + organization + "'");
  }

  private boolean stores(OrganizationId organization) {
    PgLedger ledger =
        new PgLedger(
            postgres.database(),
            Duration.ofDays(28),
            () -> NOW,
            horizon,
            new UUID(9, 9),
            Duration.ofMinutes(1),
            Duration.ofDays(1));
    Judged judged =
        new Judged(
            organization,
            new EventId(StoreSamples.id()),
            dev.tocsin.evaluate.Samples.update(null, "c-1", 1),
            null,
            null,
            List.of(),
            List.of(),
            List.of());
    List<Verdict> verdicts =
        ledger.commit(List.of(judged), Map.of(organization, 1L), Set.of()).verdicts();
    return verdicts.getFirst() instanceof Verdict.Stored;
  }

  private List<OrganizationId> claimed() {
    return rows
        .store(delivery, retention, new UUID(5, 5), Duration.ofMinutes(1))
        .claimDue(10, Crowded.NOBODY)
        .runs()
        .stream()
        .map(run -> run.organization())
        .toList();
  }

  private int count(String table, OrganizationId organization) {
    return Integer.parseInt(
        postgres.value(
            "select count(*) from " + table + " where organization_id = '" + organization + "'"));
  }

  private String contents(OrganizationId organization) {
    StringBuilder all = new StringBuilder();
    PgErasures.TABLES.forEach(
        table -> all.append(table).append(' ').append(count(table, organization)).append('\n'));
    return all.toString();
  }

  private List<Problem> declare(DeclaredOrganization... organizations) {
    Applied applied =
        new PgOrganizations(
                postgres.database(),
                StoreSamples::id,
                () -> NOW,
                new SecretKeySpec(new byte[32], "HmacSHA256"),
                StoreSamples.seal(1))
            .declare(List.of(organizations));
    return applied.erased().stream().map(Applied.Refused::problem).toList();
  }

  private static DeclaredOrganization declared(OrganizationId id, String name, String key) {
    return new DeclaredOrganization(
        name.toLowerCase(Locale.ROOT) + ".yaml:2",
        id,
        name,
        ZoneId.of("UTC"),
        null,
        List.of(new ServiceUser("ops", key, "s", List.of("administrator"))),
        List.of(),
        DeclaredOrganization.Catalog.OF_THE_SYSTEM);
  }
}
