package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.api.Webhook.CredentialsChange;
import dev.tocsin.api.Written;
import dev.tocsin.config.Applied;
import dev.tocsin.config.DeclaredOrganization;
import dev.tocsin.config.DeclaredOrganization.Notification;
import dev.tocsin.config.DeclaredOrganization.Rules;
import dev.tocsin.config.DeclaredOrganization.Webhook;
import dev.tocsin.config.Problem;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.net.URI;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Webhooks, rules and links that files declare. */
class DeclaredRulesPgTest {
  private static final OrganizationId ACME = Samples.organization(1);
  private static final OrganizationId BOLT = Samples.organization(2);

  /** All that a declaration may write, with the transactions that wrote it. */
  private static final String ROWS =
      "select string_agg(r || x, '; ' order by r) from ("
          + "select o::text, o.xmin::text from organization o union all"
          + " select s::text, s.xmin::text from rule_set s union all"
          + " select w::text, w.xmin::text from webhook w union all"
          + " select n::text, n.xmin::text from notification_configuration n union all"
          + " select i::text, i.xmin::text from integration_configuration i) as rows (r, x)";

  private static final String LINKS =
      """
      select concat_ws(' ', n.code, w.code, i.enabled, i.declared)
      from integration_configuration i
      left join notification_configuration n on n.id = i.rule_id
      left join webhook w on w.id = i.webhook_id
      order by 1
      """;

  @RegisterExtension final PostgresFixture postgres = new PostgresFixture();

  private PgOrganizations organizations;
  private PgWebhooks webhooks;
  private PgNotificationConfigurations rules;
  private PgIntegrationConfigurations links;

  @BeforeEach
  void open() {
    organizations =
        new PgOrganizations(
            postgres.database(),
            StoreSamples::id,
            () -> Samples.NOW,
            new SecretKeySpec(new byte[32], "HmacSHA256"),
            StoreSamples.seal(1));
    webhooks = new PgWebhooks(postgres.database(), StoreSamples.seal(1));
    rules = new PgNotificationConfigurations(postgres.database());
    links = new PgIntegrationConfigurations(postgres.database());
  }

  @Test
  void what_is_declared_is_there_with_its_links_and_one_version_of_the_rule_set_later() {
    List<String> items = items(declare(file(hooks("a", "b"), rule("x", "a", "b"), rule("y", "b"))));

    assertThat(items)
        .containsExactly(
            "organization Acme MADE",
            "policies administrator MADE",
            "webhooks a MADE",
            "webhooks b MADE",
            "notifications x MADE",
            "notifications y MADE");
    assertThat(postgres.texts(LINKS)).containsExactly("x a t t", "x b t t", "y b t t");
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(2);
    assertThat(webhooks.find(ACME, webhook("a")).orElseThrow())
        .satisfies(webhook -> {
          assertThat(webhook.inFile()).isTrue();
          assertThat(webhook.credentialsEmpty()).isFalse();
          assertThat(webhook.content().url()).isEqualTo(URI.create("https://a.example.com"));
        });
    assertThat(credentials("a")).isEqualTo(new Credentials.Signed("k", List.of("s3cret")));
    assertThat(rules.find(ACME, ruleId("x")).orElseThrow())
        .satisfies(rule -> {
          assertThat(rule.inFile()).isTrue();
          assertThat(rule.content().calculation()).isEqualTo("new.amount > 1");
        });
  }

  @Test
  void to_declare_it_again_writes_nothing_and_waits_for_no_gate() throws Exception {
    DeclaredOrganization file = file(hooks("a", "b"), rule("x", "a", "b"), rule("y", "b"));
    declare(file);
    String before = postgres.value(ROWS);

    try (var commit = postgres.connect();
        var statement = commit.createStatement()) {
      commit.setAutoCommit(false);
      statement.execute(
          "select pg_advisory_xact_lock_shared(461905, s) from generate_series(0, 63) s");
      assertThat(declare(file)).isEmpty();
      commit.rollback();
    }
    assertThat(postgres.value(ROWS)).isEqualTo(before);
  }

  @Test
  void what_changes_keeps_its_id_and_what_does_not_keeps_its_version() {
    declare(file(hooks("a", "b"), rule("x", "a"), rule("y", "b")));
    UUID x = ruleId("x").value();

    List<Applied.Change> changes =
        declare(
            file(
                hooks("a", "b"),
                with(rule("x", "a", "b"), "new.amount > 2"),
                rule("y", "b"),
                rule("z")));

    assertThat(items(changes)).containsExactly("notifications x CHANGED", "notifications z MADE");
    assertThat(changes.getFirst().ruleSetVersion()).isEqualTo(3);
    assertThat(ruleId("x").value()).isEqualTo(x);
    assertThat(
            postgres.texts("select code || version from notification_configuration order by code"))
        .containsExactly("x2", "y1", "z1");
    assertThat(postgres.texts(LINKS)).containsExactly("x a t t", "x b t t", "y b t t");
  }

  @Test
  void a_rule_that_is_only_linked_otherwise_is_told_as_changed() {
    declare(file(hooks("a", "b"), rule("x", "a")));
    List<Applied.Change> changes = declare(file(hooks("a", "b"), rule("x", "b")));

    assertThat(items(changes)).containsExactly("notifications x CHANGED");
    assertThat(changes.getFirst().ruleSetVersion()).isEqualTo(3);
    assertThat(postgres.texts(LINKS)).containsExactly("x b t t");
  }

  /** What a webhook is called decides over no event; where it is and what signs does. */
  @Test
  void the_rule_set_has_another_version_when_something_is_sent_otherwise_only() {
    Webhook hook = hook("a");
    declare(file(List.of(hook), rule("x", "a")));
    String sealed = sealed("a");

    Applied.Change renamed =
        declare(
                file(
                    List.of(
                        new Webhook(
                            hook.place(),
                            "a",
                            "Another name",
                            "Another text",
                            hook.url(),
                            true,
                            "the key",
                            hook.credentials())),
                    rule("x", "a")))
            .getFirst();
    assertThat(renamed.ruleSetVersion()).isNull();
    assertThat(renamed.items().toString()).isEqualTo("[webhooks a CHANGED]");
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(2);
    assertThat(sealed("a")).isEqualTo(sealed);

    Credentials others = new Credentials.Signed("k", List.of("another s3cret"));
    Applied.Change signed =
        declare(file(List.of(hook(hook.url(), others)), rule("x", "a"))).getFirst();
    assertThat(signed.ruleSetVersion()).isEqualTo(3);
    assertThat(credentials("a")).isEqualTo(others);
    Applied.Change moved =
        declare(file(List.of(hook(URI.create("https://c.example.com"), others)), rule("x", "a")))
            .getFirst();
    assertThat(moved.ruleSetVersion()).isEqualTo(4);
    Applied.Change emptied =
        declare(
                file(
                    List.of(hook(URI.create("https://c.example.com"), new Credentials.Unsigned())),
                    rule("x", "a")))
            .getFirst();
    assertThat(emptied.ruleSetVersion()).isEqualTo(5);
    assertThat(webhooks.find(ACME, webhook("a")).orElseThrow().credentialsEmpty()).isTrue();
  }

  @Test
  void a_rule_that_is_not_active_decides_over_nothing() {
    declare(file(hooks("a"), off(rule("x"))));
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(1);

    List<Applied.Change> changes =
        declare(file(hooks("a"), off(with(rule("x", "a"), "new.y > 1"))));
    assertThat(items(changes)).containsExactly("notifications x CHANGED");
    assertThat(changes.getFirst().ruleSetVersion()).isNull();

    assertThat(
            declare(file(hooks("a"), with(rule("x", "a"), "new.y > 1")))
                .getFirst()
                .ruleSetVersion())
        .isEqualTo(2);
    assertThat(declare(file(hooks("a"), off(rule("x", "a")))).getFirst().ruleSetVersion())
        .isEqualTo(3);
    assertThat(declare(file(hooks("a"))).getFirst().ruleSetVersion()).isNull();
  }

  /** A node that has the rules of the version before reads again what changed, not more. */
  @Test
  void changes_are_followed_by_what_they_touched() {
    declare(file(hooks("a", "b"), rule("x", "a"), rule("y", "b"), rule("z")));
    declare(file(hooks("b"), with(rule("x"), "new.amount > 2"), rule("y", "b")));
    declare(
        file(
            List.of(hook("b", URI.create("https://c.example.com"))),
            with(rule("x"), "new.amount > 2"),
            rule("y", "b")));

    assertThat(
            postgres.texts(
                """
                select l.version || ' ' || cardinality(l.rule_ids) || ' ' || cardinality(l.webhook_ids)
                from rule_set_change_log l where l.version > 2 order by l.version
                """))
        .containsExactly("3 2 1", "4 0 1");
  }

  @Test
  void what_is_declared_no_more_goes_with_its_declared_links_and_leaves_the_others() {
    declare(file(hooks("a", "b"), rule("x", "a"), rule("y", "b")));
    IntegrationId made = new IntegrationId(StoreSamples.id());
    done(
        links.create(
            author(ACME),
            made,
            StoreSamples.link(ruleId("x").toString(), webhook("b").toString())));

    List<String> items = items(declare(file(hooks("b"), rule("y", "b"))));

    assertThat(items).containsExactly("webhooks a REMOVED", "notifications x REMOVED");
    assertThat(postgres.texts(LINKS)).containsExactly("b t f", "y b t t");
    assertThat(postgres.texts("select code from notification_configuration")).containsExactly("y");
  }

  @Test
  void
      codes_that_were_given_through_the_api_are_not_taken_and_no_rule_of_the_organization_changes() {
    declare(file(hooks("a")), named(BOLT, "Bolt", Rules.NONE));
    WebhookId hook = new WebhookId(StoreSamples.id());
    RuleId rule = new RuleId(StoreSamples.id());
    done(
        webhooks.create(
            author(ACME),
            hook,
            StoreSamples.id(),
            StoreSamples.webhook("b"),
            new Credentials.Unsigned()));
    done(rules.create(author(ACME), rule, StoreSamples.rule("x", "new.amount > 1")));
    String before = postgres.value(ROWS);

    List<Problem> problems = conflicts(file(hooks("a", "b"), rule("x", "a"), rule("z")));

    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "acme.yaml:10: webhooks.code: b belongs to a webhook that was made through the API,"
                + " \"Hook\" (%s): give this one another code, or delete that one first"
                    .formatted(hook),
            "acme.yaml:20: notifications.code: x belongs to a notification configuration that was"
                + " made through the API, \"Rule x\" (%s): give this one another code, or delete"
                    .formatted(rule)
                + " that one first");
    assertThat(postgres.value(ROWS)).isEqualTo(before);
  }

  /** Else one tenant could keep the files of all others from being applied. */
  @Test
  void a_conflict_of_one_organization_keeps_no_other_from_being_declared() {
    declare(file(hooks("a")), named(BOLT, "Bolt", Rules.NONE));
    done(
        rules.create(
            author(ACME), new RuleId(StoreSamples.id()), StoreSamples.rule("x", "new.amount > 1")));

    Applied applied =
        organizations.declare(
            List.of(
                file(hooks("b"), rule("x"), rule("y")),
                named(BOLT, "Another name", new Rules(hooks("c"), List.of(rule("x", "c"))))));

    assertThat(applied.conflicts()).extracting(Applied.Refused::organization).containsExactly(ACME);
    assertThat(applied.changes()).extracting(Applied.Change::organization).containsExactly(BOLT);
    assertThat(postgres.texts("select code from webhook order by code")).containsExactly("a", "c");
    assertThat(postgres.texts("select name from organization order by name"))
        .containsExactly("Acme", "Another name");
    assertThat(postgres.texts(LINKS)).containsExactly("x c t t");
  }

  @Test
  void a_webhook_that_a_rule_of_the_api_is_sent_to_does_not_go() {
    declare(file(hooks("a", "b")));
    RuleId rule = new RuleId(StoreSamples.id());
    done(rules.create(author(ACME), rule, StoreSamples.rule("x", "new.amount > 1")));
    IntegrationId link = new IntegrationId(StoreSamples.id());
    done(
        links.create(
            author(ACME), link, StoreSamples.link(rule.toString(), webhook("a").toString())));
    String before = postgres.value(ROWS);

    assertThat(conflicts(file(hooks("b"))))
        .extracting(Problem::toString)
        .containsExactly(
            "acme.yaml:2: webhooks: a is declared no more, and the notification configuration x (%s)"
                    .formatted(rule)
                + " is sent to it, which was made through the API: remove that link first");
    assertThat(postgres.value(ROWS)).isEqualTo(before);

    done(links.delete(author(ACME), link));
    assertThat(items(declare(file(hooks("b"))))).containsExactly("webhooks a REMOVED");
  }

  @Test
  void what_is_declared_is_read_only_through_the_api() {
    declare(file(hooks("a"), rule("x", "a")));
    IntegrationId link =
        new IntegrationId(
            UUID.fromString(postgres.value("select id from integration_configuration")));
    String before = postgres.value(ROWS);

    assertThat(
            Stream.of(
                webhooks.update(
                    author(ACME),
                    webhook("a"),
                    1,
                    StoreSamples.webhook("a"),
                    new CredentialsChange.Keep()),
                webhooks.setActive(author(ACME), webhook("a"), false),
                webhooks.setActive(author(ACME), webhook("a"), true),
                webhooks.delete(author(ACME), webhook("a")),
                rules.update(author(ACME), ruleId("x"), 1, StoreSamples.rule("x", "true")),
                rules.delete(author(ACME), ruleId("x")),
                links.update(author(ACME), link, 1, StoreSamples.link("r", "w")),
                links.delete(author(ACME), link)))
        .allSatisfy(written -> assertThat(written).isInstanceOf(Written.DeclaredInFile.class));
    assertThat(postgres.value(ROWS)).isEqualTo(before);
    assertThat(links.find(ACME, link).orElseThrow().inFile()).isTrue();
  }

  @Test
  void a_link_that_was_disabled_since_it_led_nowhere_is_enabled_when_its_webhook_is_another() {
    declare(file(hooks("a"), rule("x", "a")));
    postgres.execute(
        "update integration_configuration set enabled = false, disabled_by_run_id = id");
    assertThat(declare(file(hooks("a"), rule("x", "a")))).isEmpty();
    assertThat(postgres.texts(LINKS)).containsExactly("x a f t");

    List<Applied.Change> changes =
        declare(
            file(List.of(hook("a", URI.create("https://elsewhere.example.com"))), rule("x", "a")));

    assertThat(items(changes))
        .containsExactlyInAnyOrder("webhooks a CHANGED", "notifications x CHANGED");
    assertThat(changes.getFirst().ruleSetVersion()).isEqualTo(3);
    assertThat(postgres.texts(LINKS)).containsExactly("x a t t");
    assertThat(postgres.value("select disabled_by_run_id from integration_configuration"))
        .isEqualTo("null");
  }

  @Test
  void a_declared_link_that_was_disabled_can_be_enabled_through_the_api() {
    declare(file(hooks("a"), rule("x", "a")));
    IntegrationId link =
        new IntegrationId(
            UUID.fromString(postgres.value("select id from integration_configuration")));
    assertThat(done(links.enable(author(ACME), link)).resource().audit().version()).isEqualTo(1);
    postgres.execute(
        "update integration_configuration set enabled = false, disabled_by_run_id = id");
    long version = StoreSamples.version(postgres, ACME);

    assertThat(done(links.enable(author(ACME), link)).resource().enabled()).isTrue();
    assertThat(postgres.texts(LINKS)).containsExactly("x a t t");
    assertThat(postgres.value("select disabled_by_run_id from integration_configuration"))
        .isEqualTo("null");
    assertThat(StoreSamples.version(postgres, ACME)).isEqualTo(version + 1);
    assertThat(declare(file(hooks("a"), rule("x", "a")))).isEmpty();
  }

  private List<Applied.Change> declare(DeclaredOrganization... files) {
    Applied applied = organizations.declare(List.of(files));
    assertThat(applied.conflicts()).isEmpty();
    return applied.changes();
  }

  private List<Problem> conflicts(DeclaredOrganization... files) {
    return organizations.declare(List.of(files)).conflicts().stream()
        .map(Applied.Refused::problem)
        .toList();
  }

  private static List<String> items(List<Applied.Change> changes) {
    return changes.stream()
        .flatMap(change -> change.items().stream())
        .map(Object::toString)
        .toList();
  }

  private Credentials credentials(String code) {
    byte[] bytes = HexFormat.of().parseHex(sealed(code));
    return StoreSamples.seal(1).open(ACME, webhook(code), bytes);
  }

  private String sealed(String code) {
    return postgres.value(
        "select encode(credentials_sealed, 'hex') from webhook where code = '" + code + "'");
  }

  private WebhookId webhook(String code) {
    return new WebhookId(
        UUID.fromString(postgres.value("select id from webhook where code = '" + code + "'")));
  }

  private RuleId ruleId(String code) {
    return new RuleId(
        UUID.fromString(
            postgres.value(
                "select id from notification_configuration where code = '" + code + "'")));
  }

  private static DeclaredOrganization file(List<Webhook> hooks, Notification... rules) {
    return named(ACME, "Acme", new Rules(hooks, List.of(rules)));
  }

  private static DeclaredOrganization named(OrganizationId id, String name, Rules rules) {
    return new DeclaredOrganization(
        "acme.yaml:2",
        id,
        name,
        ZoneId.of("UTC"),
        null,
        List.of(),
        List.of(),
        DeclaredOrganization.Catalog.OF_THE_SYSTEM,
        rules);
  }

  private static List<Webhook> hooks(String... codes) {
    return Stream.of(codes).map(DeclaredRulesPgTest::hook).toList();
  }

  private static Webhook hook(String code) {
    return hook(code, URI.create("https://" + code + ".example.com"));
  }

  private static Webhook hook(String code, URI url) {
    return new Webhook(
        "acme.yaml:10",
        code,
        "Hook " + code,
        "About " + code,
        url,
        true,
        null,
        new Credentials.Signed("k", List.of("s3cret")));
  }

  private static Webhook hook(URI url, Credentials credentials) {
    return new Webhook(
        "acme.yaml:10", "a", "Another name", "Another text", url, true, "the key", credentials);
  }

  private static Notification rule(String code, String... hooks) {
    return rule(code, "new.amount > 1", hooks);
  }

  private static Notification with(Notification rule, @Nullable String calculation) {
    return rule(rule.code(), calculation, rule.webhooks().toArray(String[]::new));
  }

  private static Notification off(Notification rule) {
    return new Notification(
        rule.place(),
        rule.code(),
        rule.name(),
        rule.description(),
        rule.eventName(),
        false,
        rule.alwaysFireEvent(),
        rule.calculation(),
        rule.webhooks());
  }

  private static Notification rule(String code, @Nullable String calculation, String[] hooks) {
    return new Notification(
        "acme.yaml:20",
        code,
        "Rule " + code,
        "About " + code,
        Samples.UPDATED,
        true,
        calculation == null,
        calculation,
        List.of(hooks));
  }
}
