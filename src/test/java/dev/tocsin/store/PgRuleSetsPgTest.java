package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.link;
import static dev.tocsin.store.StoreSamples.rule;
import static dev.tocsin.store.StoreSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tocsin.api.IntegrationConfiguration;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.evaluate.LedgerException;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.evaluate.Target;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PgRuleSetsPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final EventName OTHER = new EventName("configuration.account.created");
  private static final Credentials SIGNED = new Credentials.Signed("api-key", List.of("s3cret"));

  private Database pool;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private OrganizationId acme;
  private OrganizationId bolt;

  @BeforeEach
  void open() {
    pool = postgres.open("ledger", PgLedger.SESSION);
    acme = StoreSamples.organization(postgres);
    bolt = StoreSamples.organization(postgres);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void an_organization_without_rules_has_an_empty_set_and_one_that_is_none_has_none() {
    OrganizationId nobody = new OrganizationId(StoreSamples.id());

    Map<OrganizationId, RuleSet> loaded = ruleSets().load(List.of(acme, nobody));
    assertThat(loaded).containsOnlyKeys(acme);
    assertThat(load(acme).version()).isEqualTo(1);
    assertThat(load(acme).rules()).isEmpty();
    assertThat(ruleSets().load(List.of())).isEmpty();
  }

  @Test
  void active_rules_come_by_event_name_in_the_order_they_were_made() {
    RuleId first = create(acme, rule("a", null));
    RuleId second = create(acme, rule("b", null));
    RuleId other = create(acme, rule("c", OTHER, true, null));
    create(acme, rule("d", OTHER, false, null));

    RuleSet rules = load(acme);
    assertThat(rules.version()).isEqualTo(5);
    assertThat(rules.rules())
        .containsExactly(
            new Listening(Samples.UPDATED, plain(first, "a")),
            new Listening(Samples.UPDATED, plain(second, "b")),
            new Listening(OTHER, plain(other, "c")));
  }

  @Test
  void each_organization_has_its_own() {
    RuleId id = create(acme, rule("a", null));
    new PgNotificationConfigurations(postgres.database())
        .create(author(bolt), id, rule("b", OTHER, true, null));

    Map<OrganizationId, RuleSet> loaded = ruleSets().load(List.of(acme, bolt));
    assertThat(of(acme, loaded).rules())
        .containsExactly(new Listening(Samples.UPDATED, plain(id, "a")));
    assertThat(of(bolt, loaded).rules()).containsExactly(new Listening(OTHER, plain(id, "b")));
  }

  @Test
  void calculations_are_compiled_unless_the_rule_always_fires() {
    create(acme, rule("a", "new.spent > 5"));
    create(
        acme,
        new NotificationConfiguration.Content(
            "b", "B", "", Samples.UPDATED, true, true, "new.spent > 5"));

    RuleSet rules = load(acme);
    Change little = new Change(Samples.NOW, Samples.payload("{\"spent\":5}"), null);
    Change much = new Change(Samples.NOW, Samples.payload("{\"spent\":5.1}"), null);
    assertThat(rules.matching(Samples.UPDATED, little).fired())
        .extracting(Rule::code)
        .containsExactly("b");
    assertThat(rules.matching(Samples.UPDATED, much).fired())
        .extracting(Rule::code)
        .containsExactly("a", "b");
  }

  @Test
  void a_rule_has_the_webhooks_that_its_links_lead_to_and_knows_what_is_switched_off() {
    RuleId rule = create(acme, rule("a", null));
    WebhookId hook = createWebhook(acme);
    WebhookId second = createWebhook(acme);
    WebhookId off = createWebhook(acme);
    new PgWebhooks(postgres.database(), StoreSamples.seal(1)).setActive(author(acme), off, false);
    IntegrationId toHook = createLink(acme, rule, hook);
    IntegrationId toSecond = createLink(acme, rule, second);
    IntegrationId toOff = createLink(acme, rule, off);
    IntegrationId disabled = createLink(acme, rule, hook);
    disable(disabled);
    IntegrationId both = createLink(acme, rule, off);
    disable(both);
    createLink(acme, rule, new WebhookId(StoreSamples.id()));
    createLink(acme, new RuleId(StoreSamples.id()), hook);

    assertThat(targets(acme))
        .containsExactly(
            target(toHook, hook),
            target(toSecond, second),
            new Target.Off(toOff, off, "the webhook is not active"),
            new Target.Off(disabled, hook, "the integration is disabled"),
            new Target.Off(
                both, off, "the integration is disabled, and the webhook is not active"));
  }

  @Test
  void a_link_leads_nowhere_once_its_webhook_is_gone_and_its_rule_is_nobodys() {
    RuleId rule = create(acme, rule("a", null));
    WebhookId hook = createWebhook(acme);
    createLink(acme, rule, hook);

    new PgWebhooks(postgres.database(), StoreSamples.seal(1)).delete(author(acme), hook);
    assertThat(targets(acme)).isEmpty();
    new PgNotificationConfigurations(postgres.database()).delete(author(acme), rule);
    assertThat(load(acme).version()).isEqualTo(6);
    assertThat(load(acme).rules()).isEmpty();
  }

  @Test
  void another_organizations_webhooks_and_links_count_for_nothing() {
    RuleId rule = create(acme, rule("a", null));
    WebhookId boltsHook = createWebhook(bolt);
    createLink(bolt, rule, boltsHook);
    createLink(acme, rule, boltsHook);

    assertThat(targets(acme)).isEmpty();
  }

  @Test
  void the_case_of_a_links_texts_does_not_matter() {
    RuleId rule = create(acme, rule("a", null));
    WebhookId hook = createWebhook(acme);
    IntegrationId link = new IntegrationId(StoreSamples.id());
    done(
        new PgIntegrationConfigurations(postgres.database())
            .create(
                author(acme),
                link,
                new IntegrationConfiguration.Content(
                    "NOTIFICATION",
                    rule.toString().toUpperCase(Locale.ROOT),
                    "WEBHOOK",
                    hook.toString().toUpperCase(Locale.ROOT),
                    "{}",
                    null,
                    null)));

    assertThat(targets(acme)).containsExactly(target(link, hook));
  }

  @Test
  void a_calculation_beyond_the_limits_is_left_out_and_counted() {
    create(acme, rule("a", "new.spent > 1 AND new.spent > 2"));
    RuleId sound = create(acme, rule("b", null));
    CalculationLimits low =
        new CalculationLimits(10, 1_000, 50, 100, 500, 1_000, 300, 1_024, 128, 4_096, 200);
    PgRuleSets strict =
        new PgRuleSets(pool, StoreSamples.seal(1), CalculationParser.within(low), meters);

    assertThat(of(acme, strict.load(List.of(acme))).rules())
        .containsExactly(new Listening(Samples.UPDATED, plain(sound, "b")));
    assertThat(meters.counter("tocsin.rules.unusable").count()).isEqualTo(1);
  }

  @Test
  void credentials_that_do_not_open_leave_out_their_targets_and_nothing_else() {
    RuleId rule = create(acme, rule("a", null));
    create(acme, rule("b", null));
    WebhookId foreign = new WebhookId(StoreSamples.id());
    new PgWebhooks(postgres.database(), StoreSamples.seal(2))
        .create(author(acme), foreign, StoreSamples.id(), webhook(null), SIGNED);
    createLink(acme, rule, foreign);
    WebhookId off = new WebhookId(StoreSamples.id());
    new PgWebhooks(postgres.database(), StoreSamples.seal(2))
        .create(author(acme), off, StoreSamples.id(), webhook(null), SIGNED);
    new PgWebhooks(postgres.database(), StoreSamples.seal(1)).setActive(author(acme), off, false);
    IntegrationId toOff = createLink(acme, rule, off);
    WebhookId hook = createWebhook(acme);
    IntegrationId toHook = createLink(acme, rule, hook);

    assertThat(load(acme).rules()).hasSize(2);
    assertThat(targets(acme))
        .as("those of a webhook that is off are not asked for")
        .containsExactly(
            new Target.Off(toOff, off, "the webhook is not active"), target(toHook, hook));
    assertThat(meters.counter("tocsin.targets.unusable").count()).isEqualTo(2);
  }

  @Test
  void a_store_that_does_not_answer_is_unavailable() {
    Database closed = postgres.open("closed", Map.of());
    closed.close();
    PgRuleSets ruleSets =
        new PgRuleSets(
            closed,
            StoreSamples.seal(1),
            CalculationParser.within(CalculationLimits.DEFAULTS),
            meters);

    assertThatThrownBy(() -> ruleSets.load(List.of(acme)))
        .isInstanceOf(LedgerException.Unavailable.class);
  }

  private PgRuleSets ruleSets() {
    return new PgRuleSets(
        pool, StoreSamples.seal(1), CalculationParser.within(CalculationLimits.DEFAULTS), meters);
  }

  private RuleSet load(OrganizationId organization) {
    return of(organization, ruleSets().load(List.of(organization)));
  }

  private static RuleSet of(OrganizationId organization, Map<OrganizationId, RuleSet> loaded) {
    return Objects.requireNonNull(loaded.get(organization));
  }

  private List<Target> targets(OrganizationId organization) {
    return load(organization).rules().getFirst().rule().targets();
  }

  private static Rule plain(RuleId id, String code) {
    return new Rule(id, code, "Rule " + code, 1, null, List.of());
  }

  private static Target target(IntegrationId link, WebhookId hook) {
    return new Target.On(link, new Destination(hook, webhook(null).url(), SIGNED), null);
  }

  private static RuleId create(
      OrganizationId organization, NotificationConfiguration.Content content) {
    RuleId id = new RuleId(StoreSamples.id());
    done(
        new PgNotificationConfigurations(postgres.database())
            .create(author(organization), id, content));
    return id;
  }

  private static WebhookId createWebhook(OrganizationId organization) {
    WebhookId id = new WebhookId(StoreSamples.id());
    done(
        new PgWebhooks(postgres.database(), StoreSamples.seal(1))
            .create(author(organization), id, StoreSamples.id(), webhook(null), SIGNED));
    return id;
  }

  private static IntegrationId createLink(
      OrganizationId organization, RuleId rule, WebhookId webhook) {
    IntegrationId id = new IntegrationId(StoreSamples.id());
    done(
        new PgIntegrationConfigurations(postgres.database())
            .create(author(organization), id, link(rule.toString(), webhook.toString())));
    return id;
  }

  private static void disable(IntegrationId link) {
    postgres.execute(
        "update integration_configuration set enabled = false where id = '" + link + "'");
  }
}
