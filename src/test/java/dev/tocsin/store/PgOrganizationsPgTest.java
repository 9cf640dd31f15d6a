package dev.tocsin.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.AccessKey;
import dev.tocsin.access.AccessKeys;
import dev.tocsin.access.Action;
import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.SecretHash;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.api.Author;
import dev.tocsin.api.EntityDeclaration;
import dev.tocsin.api.PermissionPolicy;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.api.ServiceUsers;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Policy;
import dev.tocsin.config.DeclaredOrganization.ScheduledEvent;
import dev.tocsin.config.DeclaredOrganization.ServiceUser;
import dev.tocsin.config.Problem;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.schedule.ArmingSweep;
import dev.tocsin.schedule.DueEvent;
import dev.tocsin.schedule.ScheduleStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgOrganizationsPgTest {
  private static final SecretKey HASHING = new SecretKeySpec(new byte[32], "HmacSHA256");
  private static final OrganizationId ACME = Samples.organization(1);
  private static final OrganizationId BOLT = Samples.organization(2);
  private static final String ALL_ROWS =
      "select string_agg(r::text || x, '; ' order by r::text) from ("
          + "select o::text, o.xmin::text from organization o union all"
          + " select s::text, s.xmin::text from rule_set s union all"
          + " select u::text, u.xmin::text from service_user u union all"
          + " select e::text, e.xmin::text from custom_entity e union all"
          + " select c::text, c.xmin::text from scheduled_event_configuration c union all"
          + " select a::text, a.xmin::text from scheduled_arming a union all"
          + " select w::text, w.xmin::text from webhook w union all"
          + " select n::text, n.xmin::text from notification_configuration n union all"
          + " select i::text, i.xmin::text from integration_configuration i union all"
          + " select k::text, k.xmin::text from access_key k union all"
          + " select p::text, p.xmin::text from permission_policy p union all"
          + " select a::text, a.xmin::text from permission_policy_assignment a) as rows (r, x)";

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final Ids ids = StoreSamples::id;
  private PgOrganizations organizations;
  private AccessKeys keys;

  @BeforeEach
  void open() {
    organizations =
        new PgOrganizations(
            postgres.database(), ids, () -> Samples.NOW, HASHING, StoreSamples.seal(1));
    keys = new PgAccessKeys(postgres.database());
  }

  @Test
  void a_declared_organization_can_be_called_for_and_has_a_rule_set() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "s")));

    AccessKey key = keys.find("ops-key").orElseThrow();
    assertThat(key.key()).isEqualTo("ops-key");
    assertThat(key.caller().organization()).isEqualTo(ACME);
    assertThat(key.secretHash().matches(SecretHash.of(HASHING, "ops-key", "s"))).isTrue();
    assertThat(key.secretHash().matches(SecretHash.of(HASHING, "ops-key", "other"))).isFalse();
    assertThat(keys.find("OPS-KEY")).isEmpty();
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(1);
  }

  @Test
  void secrets_are_not_stored() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "the s3cret")));
    assertThat(postgres.value("select encode(secret_hash, 'escape') from access_key"))
        .doesNotContain("s3cret");
  }

  @Test
  void to_declare_it_again_writes_nothing() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "s"), user("dev", "dev-key", "t")));
    String before = postgres.value(ALL_ROWS);

    declare(organization(ACME, "Acme", user("ops", "ops-key", "s"), user("dev", "dev-key", "t")));
    assertThat(postgres.value(ALL_ROWS)).isEqualTo(before);
  }

  @Test
  void changes_are_followed_and_a_user_keeps_its_id_by_its_name() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "s"), user("dev", "dev-key", "t")));
    postgres.execute("update rule_set set version = 7");
    Caller ops = keys.find("ops-key").orElseThrow().caller();

    declare(
        new DeclaredOrganization(
            "acme.yaml:2",
            ACME,
            "Acme 2",
            ZoneId.of("Europe/Paris"),
            null,
            List.of(user("ops", "new-key", "u")),
            List.of(),
            DeclaredOrganization.Catalog.OF_THE_SYSTEM));
    assertThat(postgres.value("select name || ' ' || time_zone from organization"))
        .isEqualTo("Acme 2 Europe/Paris");
    assertThat(keys.find("new-key").orElseThrow().caller().serviceUser())
        .isEqualTo(ops.serviceUser());
    assertThat(keys.find("ops-key")).isEmpty();
    assertThat(keys.find("dev-key")).isEmpty();
    assertThat(postgres.value("select string_agg(name, ',') from service_user")).isEqualTo("ops");
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(8);
  }

  @Test
  void another_time_zone_has_every_scheduled_event_armed_anew() {
    declare(organization(ACME, "Acme"), organization(BOLT, "Bolt"));
    PgScheduledEventConfigurations scheduled =
        new PgScheduledEventConfigurations(postgres.database(), 10);
    ScheduledEventConfiguration.Content content =
        new ScheduledEventConfiguration.Content(
            new EventName("scheduled.bill.a"), "Bill", "endDate", 0);
    UUID id = StoreSamples.id();
    scheduled.create(StoreSamples.author(ACME), id, content);
    scheduled.create(StoreSamples.author(BOLT), id, content);
    postgres.execute("update scheduled_arming set walked = true, dt_completed = now()");

    declare(
        new DeclaredOrganization(
            "acme.yaml:2",
            ACME,
            "Acme",
            ZoneId.of("Europe/Paris"),
            null,
            List.of(),
            List.of(),
            DeclaredOrganization.Catalog.OF_THE_SYSTEM),
        organization(BOLT, "Bolt"));

    assertThat(
            postgres.texts(
                """
                select concat_ws(' ', o.name, c.arming, a.arming, a.walked, r.version)
                from organization o
                join scheduled_event_configuration c on c.organization_id = o.id
                join scheduled_arming a on a.organization_id = o.id
                join rule_set r on r.organization_id = o.id
                order by o.name
                """))
        .containsExactly("Acme 2 2 f 3", "Bolt 1 1 t 2");
  }

  @Test
  void a_service_user_may_do_what_his_declared_policies_say_and_nothing_after_they_are_gone() {
    Policy readers =
        new Policy(
            "readers",
            List.of(new Statement("allow", List.of("config:retrieve"), List.of("config:*"))));
    Policy writers =
        new Policy(
            "readers",
            List.of(new Statement("allow", List.of("config:create"), List.of("config:*"))));
    declare(with(List.of(readers), List.of("readers")));
    assertThat(permits(Action.CONFIG_RETRIEVE)).isTrue();
    assertThat(permits(Action.CONFIG_CREATE)).isFalse();
    String id = postgres.value("select id from permission_policy where name = 'readers'");

    declare(with(List.of(writers), List.of("readers")));
    assertThat(permits(Action.CONFIG_RETRIEVE)).isFalse();
    assertThat(permits(Action.CONFIG_CREATE)).isTrue();
    assertThat(
            postgres.value(
                "select id || ' ' || version from permission_policy where name = 'readers'"))
        .isEqualTo(id + " 2");
    declare(with(List.of(writers), List.of("readers", "administrator")));
    assertThat(permits(Action.CONFIG_DELETE)).isTrue();
    declare(with(List.of(), List.of("administrator")));
    assertThat(permits(Action.CONFIG_DELETE)).isTrue();
    assertThat(postgres.value("select string_agg(name, ',') from permission_policy"))
        .isEqualTo("administrator");
  }

  @Test
  void what_was_made_through_the_api_stays_whatever_the_files_say() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "s")));
    ServiceUserId made = new ServiceUserId(StoreSamples.id());
    ServiceUsers users = new PgServiceUsers(postgres.database());
    PgPermissionPolicies policies = new PgPermissionPolicies(postgres.database());
    NewAccessKey key = NewAccessKey.Maker.of(HASHING, new Random(3)).make();
    UUID policy = StoreSamples.id();
    Author author = StoreSamples.author(ACME);
    users.create(author, made, "ops");
    users.createKey(author, made, key);
    policies.create(
        author,
        policy,
        new PermissionPolicy.Content("administrator", Policy.ADMINISTRATOR.statements()));
    policies.assign(author, policy, made, StoreSamples.id());

    declare(organization(ACME, "Acme"));
    assertThat(keys.find("ops-key")).isEmpty();
    assertThat(keys.find(key.key())).isPresent();
    assertThat(
            new PgHolders(postgres.database())
                .find(ACME, made)
                .orElseThrow()
                .permissions()
                .permit(Action.CONFIG_DELETE, Kind.EVENT))
        .isTrue();
    assertThat(conflicts(organization(ACME, "Acme", user("ci", key.key(), "s"))))
        .singleElement()
        .asString()
        .contains(key.key() + ", which belongs to somebody else already");
  }

  private boolean permits(Action action) {
    Caller ops = keys.find("ops-key").orElseThrow().caller();
    return new PgHolders(postgres.database())
        .find(ACME, ops.serviceUser())
        .orElseThrow()
        .permissions()
        .permit(action, Kind.EVENT);
  }

  private static DeclaredOrganization with(List<Policy> policies, List<String> names) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        ACME,
        "Acme",
        ZoneId.of("UTC"),
        null,
        List.of(new ServiceUser("ops", "ops-key", "s", names)),
        policies,
        DeclaredOrganization.Catalog.OF_THE_SYSTEM);
  }

  @Test
  void a_new_secret_replaces_the_old_one() {
    declare(organization(ACME, "Acme", user("ops", "ops-key", "s")));
    declare(organization(ACME, "Acme", user("ops", "ops-key", "t")));

    SecretHash kept = keys.find("ops-key").orElseThrow().secretHash();
    assertThat(kept.matches(SecretHash.of(HASHING, "ops-key", "t"))).isTrue();
    assertThat(kept.matches(SecretHash.of(HASHING, "ops-key", "s"))).isFalse();
  }

  @Test
  void a_user_that_is_declared_twice_has_both_keys() {
    declare(organization(ACME, "Acme", user("ops", "a", "s"), user("ops", "b", "t")));
    assertThat(keys.find("a").orElseThrow().caller().serviceUser())
        .isEqualTo(keys.find("b").orElseThrow().caller().serviceUser());
  }

  @Test
  void an_access_key_may_move_to_another_user_and_to_another_organization() {
    declare(
        organization(ACME, "Acme", user("ops", "k", "s"), user("old", "k2", "s")),
        organization(BOLT, "Bolt"));
    declare(
        organization(ACME, "Acme", user("new", "k2", "s")),
        organization(BOLT, "Bolt", user("ops", "k", "s")));

    assertThat(keys.find("k").orElseThrow().caller().organization()).isEqualTo(BOLT);
    assertThat(keys.find("k2").orElseThrow().caller().organization()).isEqualTo(ACME);
    declare(
        organization(BOLT, "Bolt", user("ops", "k2", "s")),
        organization(ACME, "Acme", user("ops", "k", "s")));
    assertThat(keys.find("k").orElseThrow().caller().organization()).isEqualTo(ACME);
    assertThat(keys.find("k2").orElseThrow().caller().organization()).isEqualTo(BOLT);
  }

  @Test
  void an_access_key_of_another_organization_is_refused_and_nothing_changes() {
    declare(organization(ACME, "Acme", user("ops", "k", "s")));
    String before = postgres.value(ALL_ROWS);

    assertThat(
            conflicts(
                organization(BOLT, "Bolt", user("own", "own-key", "s"), user("ops", "k", "s"))))
        .extracting(Problem::toString)
        .containsExactly(
            "acme.yaml:2: serviceUsers.accessKey: organization Bolt (%s) has the access key k, which"
                    .formatted(BOLT)
                + " belongs to somebody else already, in organization Acme (%s)".formatted(ACME));
    assertThat(postgres.value(ALL_ROWS)).isEqualTo(before);
  }

  /** It has the key until its own file can be applied. */
  @Test
  void an_access_key_of_an_organization_that_stays_as_it_is_does_not_move() {
    DeclaredOrganization zoe = organization(Samples.organization(3), "Zoe");
    DeclaredOrganization elsewhere =
        organization(Samples.organization(4), "Elsewhere", user("e", "taken", "s"));
    declare(
        organization(ACME, "Acme", user("ops", "k", "s")),
        organization(BOLT, "Bolt"),
        zoe,
        elsewhere);
    DeclaredOrganization inConflict = organization(ACME, "Acme", user("ops", "taken", "s"));
    DeclaredOrganization renamed = organization(Samples.organization(3), "Zoe 2");

    Applied applied =
        organizations.declare(
            List.of(inConflict, organization(BOLT, "Bolt", user("ops", "k", "s")), renamed));

    assertThat(applied.conflicts())
        .extracting(Applied.Refused::organization)
        .containsExactly(ACME, BOLT);
    assertThat(applied.changes())
        .extracting(Applied.Change::organization)
        .containsExactly(renamed.id());
    assertThat(keys.find("k").orElseThrow().caller().organization()).isEqualTo(ACME);
    declare(organization(Samples.organization(4), "Elsewhere"));
    declare(inConflict, organization(BOLT, "Bolt", user("ops", "k", "s")), renamed);
    assertThat(keys.find("k").orElseThrow().caller().organization()).isEqualTo(BOLT);
  }

  /** Else a tenant could keep his access by making something that a file declares. */
  @Test
  void what_a_tenant_made_keeps_no_key_from_being_revoked() {
    declare(
        organization(ACME, "Acme", user("ops", "k", "s"), user("gone", "g", "s")),
        organization(BOLT, "Bolt"));
    postgres.execute(
        "insert into notification_configuration values ('%s', '%s', 'x', 'n', 'd', 'e', true, true,"
                .formatted(ACME, StoreSamples.id())
            + " null, 1, now(), now(), 'tester', 'tester')");
    DeclaredOrganization inConflict =
        new DeclaredOrganization(
            "acme.yaml:2",
            ACME,
            "Another name",
            ZoneId.of("UTC"),
            null,
            List.of(user("ops", "new", "s")),
            List.of(),
            DeclaredOrganization.Catalog.OF_THE_SYSTEM,
            new DeclaredOrganization.Rules(
                List.of(),
                List.of(
                    new DeclaredOrganization.Notification(
                        "acme.yaml:9",
                        "x",
                        "X",
                        "X",
                        Samples.UPDATED,
                        true,
                        true,
                        null,
                        List.of()))));

    Applied applied =
        organizations.declare(
            List.of(inConflict, organization(BOLT, "Bolt", user("moved", "k", "s"))));

    assertThat(applied.conflicts()).extracting(Applied.Refused::organization).containsExactly(ACME);
    assertThat(applied.changes())
        .flatExtracting(Applied.Change::items)
        .extracting(Applied.Item::toString)
        .containsExactly(
            "serviceUsers ops CHANGED", "serviceUsers gone REMOVED", "serviceUsers moved MADE");
    assertThat(keys.find("g")).isEmpty();
    assertThat(keys.find("new").orElseThrow().caller().organization()).isEqualTo(ACME);
    assertThat(keys.find("k").orElseThrow().caller().organization()).isEqualTo(BOLT);
    assertThat(postgres.texts("select name from organization order by name"))
        .containsExactly("Acme", "Bolt");
  }

  @Test
  void an_organization_that_no_file_declares_any_more_stays_with_its_keys() {
    declare(organization(ACME, "Acme", user("ops", "k", "s")));
    declare(organization(BOLT, "Bolt"));
    declare();
    assertThat(keys.find("k")).isPresent();

    declare(organization(ACME, "Acme"));
    assertThat(keys.find("k")).isEmpty();
    assertThat(postgres.value("select count(*) from organization")).isEqualTo("2");
  }

  @Test
  void declared_entities_are_made_changed_and_removed_as_the_file_says() {
    PgCustomEntities entities = new PgCustomEntities(postgres.database(), 1);
    declare(withEntities(lead("wonDate"), new CustomEntity("Visit", "crm", List.of())));

    assertThat(entities.list(ACME)).hasSize(2).allMatch(EntityDeclaration::inFile);
    assertThat(catalogVersion()).isEqualTo(2);
    String before = postgres.value(ALL_ROWS);
    declare(withEntities(lead("wonDate"), new CustomEntity("Visit", "crm", List.of())));
    assertThat(postgres.value(ALL_ROWS)).isEqualTo(before);

    declare(withEntities(lead("lostDate", "wonDate")));
    EntityDeclaration changed = entities.list(ACME).getFirst();
    assertThat(entities.list(ACME)).hasSize(1);
    assertThat(changed.entity()).isEqualTo(lead("wonDate", "lostDate"));
    assertThat(changed.audit().version()).isEqualTo(2);
    assertThat(catalogVersion()).isEqualTo(3);
    assertThat(entities.update(StoreSamples.author(ACME), lead(), 2))
        .isEqualTo(new Written.DeclaredInFile<>());
    assertThat(entities.delete(StoreSamples.author(ACME), "Lead"))
        .isEqualTo(new Written.DeclaredInFile<>());
  }

  @Test
  void what_a_file_declares_takes_the_place_of_what_was_made_and_leaves_the_rest() {
    PgCustomEntities entities = new PgCustomEntities(postgres.database(), 5);
    declare(organization(ACME, "Acme"));
    entities.create(StoreSamples.author(ACME), lead());
    entities.create(StoreSamples.author(ACME), new CustomEntity("Visit", "crm", List.of()));

    declare(withEntities(new CustomEntity("LEAD", "sales", List.of())));

    assertThat(entities.list(ACME))
        .extracting(one -> one.entity().name() + " " + one.inFile())
        .containsExactly("LEAD true", "Visit false");
  }

  /**
   * What was armed for states of a former life, which the walk of the new arming does not find any
   * more.
   */
  @Test
  void an_entity_that_is_declared_anew_has_what_names_it_armed_anew() {
    declare(withEntities(lead("wonDate")));
    UUID id = StoreSamples.id();
    new PgScheduledEventConfigurations(postgres.database(), 10)
        .create(
            StoreSamples.author(ACME),
            id,
            new ScheduledEventConfiguration.Content(
                new EventName("scheduled.lead.won"), "Lead", "wonDate", 0),
            Set.of(lead("wonDate")));
    postgres.execute(
        """
        update scheduled_arming set walked = true, dt_completed = now();
        insert into entity_state values ('%1$s', 'Lead', 'l1',
          '00000000-0000-7000-8000-000000000001', now(), '{"wonDate":"2026-11-20"}');
        insert into scheduled_due values ('%1$s', '%2$s', 'l1', '2026-11-20', 1, '2026-11-20', now())
        """
            .formatted(ACME, id));
    declare(withEntities(lead("lostDate", "wonDate")));
    assertThat(arming()).isEqualTo("1 1 t 2");

    declare(withEntities());
    declare(withEntities(lead("wonDate")));

    assertThat(arming()).isEqualTo("2 2 f 3");
    assertThat(due()).isEmpty();
    ArmingSweep sweep =
        new ArmingSweep(
            new ArmingSweep.Limits(10, 10),
            new PgArmings(
                postgres.database(), () -> Samples.NOW, Duration.ofDays(30), Duration.ofMinutes(1)),
            () -> Samples.NOW,
            new SimpleMeterRegistry());
    for (boolean more = true; more; ) {
      more = sweep.runOnce().more();
    }
    assertThat(postgres.value("select count(*) from scheduled_due")).isEqualTo("0");
  }

  private String arming() {
    return postgres.value(
        """
        select concat_ws(' ', c.arming, a.arming, a.walked, r.version)
        from scheduled_event_configuration c
        join scheduled_arming a on a.configuration_id = c.id
        join rule_set r on r.organization_id = c.organization_id
        """);
  }

  private List<DueEvent> due() {
    return new PgScheduleStore(postgres.database(), () -> Samples.NOW, Duration.ofMinutes(1))
        .claim(new ScheduleStore.Wanted(null, Set.of(), 10, 10, 1_000_000))
        .due();
  }

  @Test
  void an_open_catalog_is_a_version_of_its_own_once() {
    DeclaredOrganization open =
        new DeclaredOrganization(
            "acme.yaml:2",
            ACME,
            "Acme",
            ZoneId.of("UTC"),
            null,
            List.of(),
            List.of(),
            new DeclaredOrganization.Catalog(true, List.of()));
    declare(open);
    declare(open);

    assertThat(postgres.value("select open_catalog from organization")).isEqualTo("t");
    assertThat(catalogVersion()).isEqualTo(2);
  }

  private long catalogVersion() {
    return Long.parseLong(postgres.value("select catalog_version from organization"));
  }

  private static CustomEntity lead(String... dateFields) {
    return new CustomEntity("Lead", "crm", List.of(dateFields));
  }

  private static DeclaredOrganization withEntities(CustomEntity... entities) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        ACME,
        "Acme",
        ZoneId.of("UTC"),
        null,
        List.of(),
        List.of(),
        new DeclaredOrganization.Catalog(false, List.of(entities)));
  }

  private static DeclaredOrganization withScheduled(ScheduledEvent... events) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        ACME,
        "Acme",
        ZoneId.of("UTC"),
        null,
        List.of(),
        List.of(),
        new DeclaredOrganization.Catalog(false, List.of(), List.of(events)));
  }

  private static ScheduledEvent event(String name, String field, int offset) {
    return new ScheduledEvent(
        new ScheduledName(new EventName("scheduled.bill." + name), "Bill", field), offset);
  }

  /** Each with its arming, and how many versions the catalog and the rule set had. */
  private List<String> scheduled() {
    List<String> all =
        new ArrayList<>(
            postgres.texts(
                """
                select concat_ws(' ', c.name, c.field, c.offset_days, c.declared, c.arming, a.arming)
                from scheduled_event_configuration c
                join scheduled_arming a on a.configuration_id = c.id
                order by c.name
                """));
    all.add(catalogVersion() + " " + StoreSamples.version(postgres, ACME));
    return all;
  }

  @Test
  void scheduled_events_are_declared_by_their_names_and_armed_when_they_change() {
    declare(withScheduled(event("a", "endDate", 1), event("b", "dueDate", 2)));
    assertThat(scheduled())
        .containsExactly(
            "scheduled.bill.a endDate 1 t 1 1", "scheduled.bill.b dueDate 2 t 1 1", "2 2");
    String id =
        postgres.value("select id from scheduled_event_configuration where offset_days = 1");
    String before = postgres.value(ALL_ROWS);

    declare(withScheduled(event("b", "dueDate", 2), event("a", "endDate", 1)));
    assertThat(postgres.value(ALL_ROWS)).isEqualTo(before);

    declare(withScheduled(event("a", "dueDate", 1), event("c", "endDate", 0)));
    assertThat(scheduled())
        .containsExactly(
            "scheduled.bill.a dueDate 1 t 2 2", "scheduled.bill.c endDate 0 t 1 1", "3 3");
    assertThat(postgres.value("select id from scheduled_event_configuration where arming = 2"))
        .isEqualTo(id);
    assertThat(
            postgres.value(
                "select string_agg(arming::text, ' ' order by arming) from scheduled_arming"))
        .isEqualTo("1 2 2");

    declare(withScheduled());
    assertThat(scheduled()).containsExactly("4 4");
  }

  @Test
  void a_declared_scheduled_event_takes_the_place_of_one_that_was_made_and_is_read_only() {
    declare(withScheduled());
    PgScheduledEventConfigurations api =
        new PgScheduledEventConfigurations(postgres.database(), 10);
    Author author = StoreSamples.author(ACME);
    ScheduledEventConfiguration.Content content =
        new ScheduledEventConfiguration.Content(
            new EventName("scheduled.bill.a"), "Bill", "endDate", 1);
    UUID id = StoreSamples.id();
    api.create(author, id, content);

    declare(withScheduled(event("a", "endDate", 1)));

    assertThat(scheduled()).containsExactly("scheduled.bill.a endDate 1 t 1 1", "3 3");
    ScheduledEventConfiguration there = api.find(ACME, id).orElseThrow();
    assertThat(there.inFile()).isTrue();
    assertThat(api.update(author, id, there.audit().version(), content))
        .isEqualTo(new Written.DeclaredInFile<>());
    assertThat(api.delete(author, id)).isEqualTo(new Written.DeclaredInFile<>());
  }

  @Test
  void nodes_that_start_at_once_agree() throws Exception {
    CyclicBarrier together = new CyclicBarrier(3);
    List<Future<?>> starts = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        starts.add(
            threads.submit(() -> {
              together.await();
              declare(
                  organization(ACME, "Acme", user("ops", "k", "s"), user("dev", "d", "s")),
                  organization(BOLT, "Bolt", user("ops", "b", "s")));
              return null;
            }));
      }
    }
    for (Future<?> start : starts) {
      start.get();
    }
    assertThat(postgres.value("select count(*) from service_user")).isEqualTo("3");
    assertThat(postgres.value("select count(*) from access_key")).isEqualTo("3");
  }

  /** Declares what nothing stands in the way of; answers what it changed. */
  private List<Applied.Change> declare(DeclaredOrganization... declared) {
    Applied applied = organizations.declare(List.of(declared));
    assertThat(applied.conflicts()).isEmpty();
    return applied.changes();
  }

  private List<Problem> conflicts(DeclaredOrganization... declared) {
    return organizations.declare(List.of(declared)).conflicts().stream()
        .map(Applied.Refused::problem)
        .toList();
  }

  private static DeclaredOrganization organization(
      OrganizationId id, String name, ServiceUser... users) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        id,
        name,
        ZoneId.of("UTC"),
        null,
        List.of(users),
        List.of(),
        DeclaredOrganization.Catalog.OF_THE_SYSTEM);
  }

  private static ServiceUser user(String name, String accessKey, String secret) {
    return new ServiceUser(name, accessKey, secret, List.of("administrator"));
  }
}
