package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random files, one after the other; each number is one history. */
class DeclaredFilesPgTest {
  private static final int STEPS = 10;

  /** Everything that a file can say, by its names. */
  private static final String SAID =
      """
      select t from (
        select concat_ws(' ', 'organization', name, time_zone, retention_days, open_catalog) as t
        from organization where id = :organization
        union all
        select concat_ws(' ', 'user', u.name, split_part(k.access_key, '@', 1))
        from service_user u left join access_key k on k.service_user_id = u.id
        where u.organization_id = :organization and u.managed
        union all
        select concat_ws(' ', 'has', u.name, p.name)
        from permission_policy_assignment a
        join service_user u on u.id = a.service_user_id and u.managed
        join permission_policy p on p.id = a.permission_policy_id
        where a.organization_id = :organization
        union all
        select concat_ws(' ', 'policy', name, statements) from permission_policy
        where organization_id = :organization and managed
        union all
        select concat_ws(' ', 'entity', name, family, date_fields) from custom_entity
        where organization_id = :organization and declared
        union all
        select concat_ws(' ', 'scheduled', name, entity, field, offset_days)
        from scheduled_event_configuration where organization_id = :organization and declared
        union all
        select concat_ws(' ', 'webhook', code, name, description, url, active, credentials_name,
          credentials_empty)
        from webhook where organization_id = :organization and declared
        union all
        select concat_ws(' ', 'rule', code, name, description, event_name, active, always_fire_event,
          calculation)
        from notification_configuration where organization_id = :organization and declared
        union all
        select concat_ws(' ', 'link', n.code, w.code, i.enabled, i.config_data)
        from integration_configuration i
        left join notification_configuration n on n.id = i.rule_id
        left join webhook w on w.id = i.webhook_id
        where i.organization_id = :organization and i.declared) as said
      order by t
      """;

  /** What a node holds to judge and send events by. */
  private static final String DECIDES =
      """
      select md5(coalesce(string_agg(t, '; ' order by t), '')) from (
        select concat_ws(' ', n.id, n.code, n.name, n.version, n.event_name, n.always_fire_event,
          n.calculation, i.id, w.id, w.url, w.credentials_sealed, w.active, i.enabled) as t
        from notification_configuration n
        left join (integration_configuration i join webhook w on w.id = i.webhook_id)
          on i.rule_id = n.id
        where n.active and n.organization_id = :organization
        union all
        select concat_ws(' ', o.time_zone, c.id, c.arming, c.entity, c.field, c.offset_days)
        from organization o join scheduled_event_configuration c on c.organization_id = o.id
        where o.id = :organization
        union all
        select concat_ws(' ', 'sends', id, url, active, credentials_sealed) from webhook
        where organization_id = :organization and exists (
          select from integration_configuration i where i.webhook_id = webhook.id)) as decides
      """;

  /** What was made through the API, with the transactions that wrote it. */
  private static final String MADE =
      """
      select concat_ws(' ', w::text, w.xmin::text) from webhook w where not declared
      union all
      select concat_ws(' ', n::text, n.xmin::text) from notification_configuration n where not declared
      union all
      select concat_ws(' ', i::text, i.xmin::text) from integration_configuration i where not declared
      union all
      select concat_ws(' ', e::text, e.xmin::text) from custom_entity e where not declared
      union all
      select concat_ws(' ', u::text, u.xmin::text) from service_user u where not managed
      union all
      select concat_ws(' ', s.name, s.offset_days) from scheduled_event_configuration s
      where not declared
      order by 1
      """;

  private static final String EVERY_ROW =
      """
      select md5(string_agg(t, '; ' order by t)) from (
        select o::text || o.xmin as t from organization o union all
        select s::text || s.xmin from rule_set s union all
        select u::text || u.xmin from service_user u union all
        select e::text || e.xmin from custom_entity e union all
        select c::text || c.xmin from scheduled_event_configuration c union all
        select a::text || a.xmin from scheduled_arming a union all
        select k::text || k.xmin from access_key k union all
        select p::text || p.xmin from permission_policy p union all
        select a::text || a.xmin from permission_policy_assignment a union all
        select w::text || w.xmin from webhook w union all
        select n::text || n.xmin from notification_configuration n union all
        select i::text || i.xmin from integration_configuration i) as rows
      """;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private final OrganizationId acme = Samples.organization(1);
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

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatever_was_declared_before_what_is_declared_is_what_there_is(long seed) {
    RandomFiles files = new RandomFiles(seed);
    declare(acme, files.next());
    makeThroughTheApi();
    List<String> made = postgres.texts(MADE);

    for (int step = 0; step < STEPS; step++) {
      DeclaredOrganization file = files.next();
      OrganizationId fresh = Samples.organization(100 + step);
      declare(acme, file);
      declare(fresh, file);

      assertThat(said(acme)).as("seed %d, step %d", seed, step).isEqualTo(said(fresh));
      assertThat(credentials(acme)).isEqualTo(credentials(fresh));
      assertThat(postgres.texts(MADE)).as("seed %d, step %d", seed, step).isEqualTo(made);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void to_declare_again_changes_nothing_and_rule_sets_change_with_what_decides(long seed) {
    RandomFiles files = new RandomFiles(seed);
    declare(acme, files.next());
    for (int step = 0; step < STEPS; step++) {
      DeclaredOrganization file = files.next();
      String decided = postgres.value(of(DECIDES, acme));
      long version = StoreSamples.version(postgres, acme);

      List<Applied.Change> changes = declare(acme, file);

      boolean isOther = !postgres.value(of(DECIDES, acme)).equals(decided);
      long next = StoreSamples.version(postgres, acme);
      String as = "seed %d, step %d, %s".formatted(seed, step, changes);
      if (isOther) {
        assertThat(next).as(as).isEqualTo(version + 1);
        assertThat(changes.getFirst().ruleSetVersion()).as(as).isEqualTo(next);
      } else if (next != version) {
        assertThat(changes.getFirst().items())
            .as("nobody is linked to it, but might be by now: " + as)
            .anyMatch(item -> item.section().equals("webhooks"));
      }
      String before = Objects.requireNonNull(postgres.value(EVERY_ROW));
      assertThat(declare(acme, file)).as(as).isEmpty();
      assertThat(postgres.value(EVERY_ROW)).as(as).isEqualTo(before);
    }
  }

  private List<Applied.Change> declare(OrganizationId id, DeclaredOrganization file) {
    Applied applied = organizations.declare(List.of(RandomFiles.with(id, file)));
    assertThat(applied.conflicts()).isEmpty();
    return applied.changes();
  }

  private List<String> said(OrganizationId organization) {
    return postgres.texts(of(SAID, organization));
  }

  private static String of(String sql, OrganizationId organization) {
    return sql.replace(":organization", "'" + organization + "'");
  }

  /** Those of the webhooks, opened, in the order of their codes. */
  private List<Credentials> credentials(OrganizationId organization) {
    return postgres
        .texts(
            "select id || ' ' || encode(credentials_sealed, 'hex') from webhook where declared and"
                + " organization_id = '%s' order by code".formatted(organization))
        .stream()
        .map(row -> {
          String[] parts = row.split(" ", 2);
          return StoreSamples.seal(1)
              .open(
                  organization,
                  new WebhookId(UUID.fromString(parts[0])),
                  HexFormat.of().parseHex(parts[1]));
        })
        .toList();
  }

  private void makeThroughTheApi() {
    Database database = postgres.database();
    WebhookId hook = new WebhookId(StoreSamples.id());
    RuleId rule = new RuleId(StoreSamples.id());
    done(
        new PgWebhooks(database, StoreSamples.seal(1))
            .create(
                author(acme),
                hook,
                StoreSamples.id(),
                StoreSamples.webhook("own"),
                new Credentials.Unsigned()));
    done(
        new PgNotificationConfigurations(database)
            .create(author(acme), rule, StoreSamples.rule("own", "new.amount > 1")));
    done(
        new PgIntegrationConfigurations(database)
            .create(
                author(acme),
                new IntegrationId(StoreSamples.id()),
                StoreSamples.link(rule.toString(), hook.toString())));
    new PgCustomEntities(database, 10)
        .create(author(acme), new CustomEntity("Own", "own", List.of("day")));
    new PgServiceUsers(database).create(author(acme), new ServiceUserId(StoreSamples.id()), "own");
    done(
        new PgScheduledEventConfigurations(database, 10)
            .create(
                author(acme),
                StoreSamples.id(),
                new ScheduledEventConfiguration.Content(
                    new EventName("scheduled.bill.own"), "Bill", "endDate", 3)));
  }
}
