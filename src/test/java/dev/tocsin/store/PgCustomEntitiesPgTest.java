package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.editor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.access.Kind;
import dev.tocsin.access.Statement;
import dev.tocsin.api.Audit;
import dev.tocsin.api.EntityDeclaration;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.PermissionPolicy;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.api.Use;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgCustomEntitiesPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final Instant LATER = Samples.NOW.plusSeconds(3600);
  private static final int MOST = 3;

  private OrganizationId acme;
  private OrganizationId bolt;
  private PgCustomEntities entities;
  private PgNotificationConfigurations rules;
  private PgScheduledEventConfigurations schedule;
  private PgPermissionPolicies policies;

  @BeforeEach
  void open() {
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
    entities = new PgCustomEntities(postgres.database(), MOST);
    rules = new PgNotificationConfigurations(postgres.database());
    schedule = new PgScheduledEventConfigurations(postgres.database(), MOST);
    policies = new PgPermissionPolicies(postgres.database());
  }

  private static CustomEntity lead(String... dateFields) {
    return new CustomEntity("Lead", "crm", List.of(dateFields));
  }

  private long catalogVersion() {
    return Long.parseLong(
        postgres.value("select catalog_version from organization where id = '" + acme + "'"));
  }

  @Test
  void a_new_one_has_version_1_is_found_by_any_spelling_and_is_another_catalog() {
    EntityDeclaration expected =
        new EntityDeclaration(
            lead("wonDate"), false, new Audit(1, Samples.NOW, Samples.NOW, "tester", "tester"));

    assertThat(entities.create(author(acme), lead("wonDate")))
        .isEqualTo(new Written.Done<>(expected, 1));
    assertThat(entities.find(acme, "LEAD")).contains(expected);
    assertThat(entities.list(acme)).containsExactly(expected);
    assertThat(catalogVersion()).isEqualTo(2);
  }

  /** What was armed for states of its former life is armed for no longer, as with a file. */
  @Test
  void one_that_is_made_again_after_a_file_took_it_away_has_what_names_it_armed_anew() {
    entities.create(author(acme), lead("wonDate"));
    done(schedule(lead("wonDate")));
    postgres.execute(
        "update scheduled_arming set walked = true, dt_completed = now();"
            + " delete from custom_entity where organization_id = '"
            + acme
            + "'");
    assertThat(arming()).isEqualTo("1 1 t 2");

    assertThat(entities.create(author(acme), new CustomEntity("LEAD", "crm", List.of("wonDate"))))
        .isInstanceOfSatisfying(
            Written.Done.class, done -> assertThat(done.ruleSetVersion()).isEqualTo(3));
    assertThat(arming()).isEqualTo("2 2 f 3");

    entities.create(author(acme), new CustomEntity("Other", "crm", List.of()));
    entities.create(author(acme), lead("wonDate"));
    assertThat(arming()).isEqualTo("2 2 f 3");
  }

  private String arming() {
    return postgres.value(
        """
        select concat_ws(' ', c.arming, a.arming, a.walked, r.version)
        from scheduled_event_configuration c
        join scheduled_arming a on a.configuration_id = c.id
        join rule_set r on r.organization_id = c.organization_id
        where c.organization_id = '%s'\
        """
            .formatted(acme));
  }

  @Test
  void a_second_one_of_the_name_is_refused_whatever_its_capitals() {
    entities.create(author(acme), lead());

    assertThat(entities.create(editor(acme), new CustomEntity("LEAD", "x", List.of())))
        .isEqualTo(new Written.Stale<>(1));
    assertThat(catalogVersion()).isEqualTo(2);
  }

  @Test
  void an_update_of_the_current_version_replaces_it_and_another_changes_nothing() {
    entities.create(author(acme), lead());
    CustomEntity changed = new CustomEntity("Lead", "sales", List.of("b", "a"));

    assertThat(entities.update(editor(acme), changed, 2)).isEqualTo(new Written.Stale<>(1));
    assertThat(done(entities.update(editor(acme), changed, 1)).resource())
        .isEqualTo(
            new EntityDeclaration(
                changed, false, new Audit(2, Samples.NOW, LATER, "tester", "editor")));
    assertThat(entities.update(editor(bolt), changed, 1)).isEqualTo(new Written.Missing<>());
    assertThat(catalogVersion()).isEqualTo(3);
  }

  @Test
  void a_deleted_one_is_gone_with_what_was_learned_of_it() {
    EntityDeclaration made = done(entities.create(author(acme), lead())).resource();
    postgres.execute(
        "insert into learned_field values ('%1$s', 'Lead', 'x', 1, now(), now()),".formatted(acme)
            + " ('%1$s', 'Bill', 'x', 1, now(), now())".formatted(acme));

    assertThat(entities.delete(editor(bolt), "Lead")).isEqualTo(new Written.Missing<>());
    assertThat(entities.delete(editor(acme), "Lead")).isEqualTo(new Written.Done<>(made, 1));
    assertThat(entities.find(acme, "Lead")).isEmpty();
    assertThat(entities.delete(editor(acme), "Lead")).isEqualTo(new Written.Missing<>());
    assertThat(catalogVersion()).isEqualTo(3);
    assertThat(
            postgres.value(
                "select string_agg(subject, ',') from learned_field where organization_id = '"
                    + acme
                    + "'"))
        .isEqualTo("Bill");
  }

  @Test
  void one_that_is_named_stays_and_says_by_what() {
    entities.create(author(acme), lead("wonDate"));
    for (String code : List.of("e", "d", "c", "b", "a")) {
      rule(acme, code, "crm.lead.updated");
    }
    rule(acme, "other", "crm.deal.updated");
    rule(bolt, "other", "crm.lead.updated");
    ScheduledEventConfiguration scheduled = done(schedule(lead("wonDate"))).resource();
    PermissionPolicy policy = policy("no leads", "Config:LEAD/item/l-1");
    policy("no lead", "config:leader/*");

    Written<EntityDeclaration> refused = entities.delete(editor(acme), "Lead");

    assertThat(((Written.InUse<EntityDeclaration>) refused).uses())
        .extracting(Use::kind, Use::name)
        .containsExactly(
            tuple(Kind.NOTIFICATION_CONFIGURATION, "a"),
            tuple(Kind.NOTIFICATION_CONFIGURATION, "b"),
            tuple(Kind.NOTIFICATION_CONFIGURATION, "c"),
            tuple(Kind.NOTIFICATION_CONFIGURATION, "d"),
            tuple(Kind.SCHEDULED_EVENT_CONFIGURATION, scheduled.content().name().value()),
            tuple(Kind.PERMISSION_POLICY, policy.content().name()));
    assertThat(entities.find(acme, "Lead")).isPresent();
  }

  @Test
  void what_is_named_is_not_changed_away_under_it() {
    entities.create(author(acme), lead("wonDate", "lostDate"));
    rule(acme, "a", "crm.lead.deleted");
    done(schedule(lead("wonDate", "lostDate")));

    assertThat(kinds(entities.update(editor(acme), lead("lostDate"), 1)))
        .containsExactly(Kind.SCHEDULED_EVENT_CONFIGURATION);
    CustomEntity moved = new CustomEntity("Lead", "sales", List.of("wonDate"));
    assertThat(kinds(entities.update(editor(acme), moved, 1)))
        .containsExactly(Kind.NOTIFICATION_CONFIGURATION);
    assertThat(done(entities.update(editor(acme), lead("wonDate"), 1)).resource().entity())
        .isEqualTo(lead("wonDate"));
  }

  private static List<Kind> kinds(Written<EntityDeclaration> refused) {
    return ((Written.InUse<EntityDeclaration>) refused).uses().stream().map(Use::kind).toList();
  }

  @Test
  void what_names_one_that_is_gone_is_not_saved() {
    entities.create(author(acme), lead("wonDate"));
    entities.delete(author(acme), "Lead");

    assertThat(listen("a", lead("wonDate"))).isEqualTo(new Written.EntityGone<>("Lead"));
    assertThat(schedule(lead("wonDate"))).isEqualTo(new Written.EntityGone<>("Lead"));
    assertThat(
            policies.create(
                author(acme), StoreSamples.id(), content("p", "x:lead/*"), Set.of(lead("wonDate"))))
        .isEqualTo(new Written.EntityGone<>("Lead"));
    assertThat(StoreSamples.version(postgres, acme)).isEqualTo(1);
  }

  /** What was checked against it as it was says nothing of what it is now. */
  @Test
  void what_names_one_that_was_changed_meanwhile_is_not_saved() {
    entities.create(author(acme), lead("wonDate"));
    entities.update(editor(acme), new CustomEntity("Lead", "sales", List.of()), 1);

    assertThat(listen("a", lead("wonDate"))).isEqualTo(new Written.EntityChanged<>("Lead"));
    assertThat(schedule(lead("wonDate"))).isEqualTo(new Written.EntityChanged<>("Lead"));
    assertThat(
            policies.create(
                author(acme),
                StoreSamples.id(),
                content("p", "x:lead/*"),
                Set.of(lead("wonDate", "lostDate"))))
        .isEqualTo(new Written.EntityChanged<>("Lead"));
  }

  /** Whoever comes second sees what the first did: never is there one without the other. */
  @Test
  void a_rule_and_the_deletion_of_its_entity_at_once_do_not_both_go_through() throws Exception {
    for (int i = 0; i < 30; i++) {
      String code = "rule_" + i;
      entities.create(author(acme), lead());
      race(() -> entities.delete(editor(acme), "Lead"), () -> listen(code, lead()));
      clear();
    }
  }

  @Test
  void a_rule_and_another_family_of_its_entity_at_once_do_not_both_go_through() throws Exception {
    CustomEntity moved = new CustomEntity("Lead", "sales", List.of());
    for (int i = 0; i < 30; i++) {
      String code = "rule_" + i;
      entities.create(author(acme), lead());
      race(() -> entities.update(editor(acme), moved, 1), () -> listen(code, lead()));
      clear();
    }
  }

  @Test
  void a_scheduled_event_and_the_loss_of_its_date_at_once_do_not_both_go_through()
      throws Exception {
    for (int i = 0; i < 30; i++) {
      entities.create(author(acme), lead("wonDate"));
      race(() -> entities.update(editor(acme), lead(), 1), () -> schedule(lead("wonDate")));
      clear();
    }
  }

  /** Exactly one of two changes, made at once, goes through. */
  private static <A, B> void race(Callable<Written<A>> one, Callable<Written<B>> other)
      throws Exception {
    CyclicBarrier together = new CyclicBarrier(2);
    try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
      Future<Written<A>> first =
          threads.submit(() -> {
            together.await();
            return one.call();
          });
      Future<Written<B>> second =
          threads.submit(() -> {
            together.await();
            return other.call();
          });
      assertThat(first.get() instanceof Written.Done<A>)
          .as("%s, %s", first.get(), second.get())
          .isNotEqualTo(second.get() instanceof Written.Done<B>);
    }
  }

  private void clear() {
    for (String table :
        List.of("custom_entity", "notification_configuration", "scheduled_event_configuration")) {
      postgres.execute("delete from " + table + " where organization_id = '" + acme + "'");
    }
  }

  private Written<NotificationConfiguration> listen(String code, CustomEntity read) {
    return rules.create(
        author(acme),
        new RuleId(StoreSamples.id()),
        StoreSamples.rule(code, new EventName("crm.lead.updated"), true, null),
        Set.of(read));
  }

  private Written<ScheduledEventConfiguration> schedule(CustomEntity read) {
    return schedule.create(
        author(acme),
        StoreSamples.id(),
        new ScheduledEventConfiguration.Content(
            new EventName("scheduled.lead.won"), "Lead", "wonDate", 1),
        Set.of(read));
  }

  private void rule(OrganizationId organization, String code, String eventName) {
    done(
        rules.create(
            author(organization),
            new RuleId(StoreSamples.id()),
            StoreSamples.rule(code, new EventName(eventName), true, null)));
  }

  private PermissionPolicy policy(String name, String resource) {
    Written<PermissionPolicy> written =
        policies.create(author(acme), StoreSamples.id(), content(name, resource));
    return ((Written.Saved<PermissionPolicy>) written).resource();
  }

  private static PermissionPolicy.Content content(String name, String resource) {
    return new PermissionPolicy.Content(
        name, List.of(new Statement("deny", List.of("all"), List.of("config:bill/*", resource))));
  }

  @Test
  void there_are_never_more_than_there_may_be_however_many_are_made_at_once() throws Exception {
    int threads = 5;
    CyclicBarrier together = new CyclicBarrier(threads);
    List<Future<Written<EntityDeclaration>>> made = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (int i = 0; i < threads; i++) {
        CustomEntity entity = new CustomEntity("E" + i, "crm", List.of());
        Callable<Written<EntityDeclaration>> create =
            () -> {
              together.await();
              return entities.create(author(acme), entity);
            };
        made.add(executor.submit(create));
      }
    }
    int full = 0;
    for (Future<Written<EntityDeclaration>> one : made) {
      full += one.get().equals(new Written.Full<>(MOST)) ? 1 : 0;
    }
    assertThat(full).isEqualTo(threads - MOST);
    assertThat(entities.list(acme)).hasSize(MOST);
    assertThat(catalogVersion()).isEqualTo(1 + MOST);
    entities.create(author(bolt), lead());
    assertThat(entities.list(bolt)).hasSize(1);
  }
}
