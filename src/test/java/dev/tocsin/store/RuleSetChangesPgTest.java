package dev.tocsin.store;

import static dev.tocsin.store.StoreSamples.author;
import static dev.tocsin.store.StoreSamples.done;
import static dev.tocsin.store.StoreSamples.link;
import static dev.tocsin.store.StoreSamples.rule;
import static dev.tocsin.store.StoreSamples.webhook;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.api.IntegrationConfiguration;
import dev.tocsin.api.NotificationConfiguration;
import dev.tocsin.api.ScheduledEventConfiguration;
import dev.tocsin.catalog.ScheduledDate;
import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.Samples;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** That following what changed leads to the same rules as reading all of them. */
class RuleSetChangesPgTest {
  @RegisterExtension static final PostgresFixture postgres = new PostgresFixture();

  private static final int DATES_MAX = 10;
  private static final long SEED = 20261124;
  private static final EventName OTHER = new EventName("configuration.account.created");
  private static final Credentials SIGNED = new Credentials.Signed("api-key", List.of("s3cret"));

  private final Random random = new Random(SEED);
  private final List<RuleId> rules = new ArrayList<>();
  private final List<WebhookId> webhooks = new ArrayList<>();
  private final List<IntegrationId> links = new ArrayList<>();
  private final List<UUID> dates = new ArrayList<>();
  private Database pool;
  private PgRuleSets ruleSets;
  private OrganizationId acme;
  private int codes;

  @BeforeEach
  void open() {
    pool = postgres.open("rules", PgLedger.SESSION);
    ruleSets =
        new PgRuleSets(
            pool,
            StoreSamples.seal(1),
            CalculationParser.within(CalculationLimits.DEFAULTS),
            new SimpleMeterRegistry());
    acme = StoreSamples.organization(postgres);
  }

  @AfterEach
  void close() {
    pool.close();
  }

  @Test
  void following_every_change_is_the_same_as_reading_all_again() {
    RuleSet followed = load();
    for (int round = 0; round < 60; round++) {
      for (int change = random.nextInt(4); change >= 0; change--) {
        changeSomething();
      }
      followed.follow(ruleSets.changesSince(acme, followed.version()).orElseThrow());

      RuleSet read = load();
      assertThat(followed.version()).as("seed %d, round %d", SEED, round).isEqualTo(read.version());
      assertThat(described(followed)).containsExactlyInAnyOrderElementsOf(described(read));
      assertThat(followed.dates().all()).isEqualTo(read.dates().all());
    }
    assertThat(rules).hasSizeGreaterThan(5);
    assertThat(links).hasSizeGreaterThan(5);
    assertThat(followed.dates().all()).isNotEmpty();
  }

  @Test
  void only_what_a_change_touches_is_read() {
    for (int i = 0; i < 5; i++) {
      createRule();
    }
    RuleSet before = load();
    RuleId changed = rules.get(2);
    update(changed, rule("changed", OTHER, true, null));

    assertThat(ruleSets.changesSince(acme, before.version()).orElseThrow().rules())
        .extracting(Listening::eventName, listening -> listening.rule().id())
        .containsExactly(tuple(OTHER, changed));
  }

  @Test
  void dates_are_read_again_only_when_one_was_touched() {
    createRule();
    long before = load().version();
    createRule();
    assertThat(ruleSets.changesSince(acme, before).orElseThrow().dates()).isNull();

    UUID id = StoreSamples.id();
    done(scheduled().create(author(acme), id, date(-3)));
    createRule();
    ScheduledDates dates = ruleSets.changesSince(acme, before).orElseThrow().dates();
    assertThat(Objects.requireNonNull(dates).all())
        .containsExactly(new ScheduledDate(id, 1, "Bill", "endDate", -3));
    assertThat(dates.zone()).isEqualTo(ZoneId.of("UTC"));

    long then = load().version();
    done(scheduled().delete(author(acme), id));
    ScheduledDates none = ruleSets.changesSince(acme, then).orElseThrow().dates();
    assertThat(Objects.requireNonNull(none).all()).isEmpty();
  }

  @Test
  void what_is_not_noted_any_more_is_not_followed() {
    createRule();
    createRule();
    long current = load().version();
    postgres.execute(
        "delete from rule_set_change_log where organization_id = '" + acme + "' and version = 2");

    assertThat(ruleSets.changesSince(acme, 1)).isEmpty();
    assertThat(ruleSets.changesSince(acme, 2)).isPresent();
    assertThat(ruleSets.changesSince(acme, current).orElseThrow().rules()).isEmpty();
    assertThat(ruleSets.changesSince(new OrganizationId(StoreSamples.id()), 1)).isEmpty();
  }

  @Test
  void the_last_thousand_changes_are_noted() {
    createRule();
    postgres.execute("update rule_set set version = 5000 where organization_id = '" + acme + "'");
    createRule();

    assertThat(
            postgres.value(
                "select string_agg(version::text, ' ') from rule_set_change_log"
                    + " where organization_id = '"
                    + acme
                    + "'"))
        .isEqualTo("5001");
  }

  /** Everything of each rule; calculations by their texts, since no two are equal. */
  private static List<String> described(RuleSet set) {
    return set.rules().stream()
        .map(listening -> {
          Rule rule = listening.rule();
          String calculation = rule.calculation() == null ? "" : rule.calculation().text();
          return "%s %s %s %s %d %s %s"
              .formatted(
                  listening.eventName(),
                  rule.id(),
                  rule.code(),
                  rule.name(),
                  rule.version(),
                  calculation,
                  rule.targets());
        })
        .toList();
  }

  private void changeSomething() {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> createRule();
      case 3 -> withOne(rules, id -> update(id, content()));
      case 4 -> createWebhook();
      case 5 ->
          withOne(webhooks, id -> webhooks().setActive(author(acme), id, random.nextBoolean()));
      case 6, 7 -> createLink();
      case 8 -> withOne(links, this::move);
      case 9 -> deleteSomething();
      case 10 -> createDate();
      case 11 -> withOne(dates, this::changeDate);
      default -> throw new IllegalStateException();
    }
  }

  private void createDate() {
    if (dates.size() < DATES_MAX) {
      UUID id = StoreSamples.id();
      done(scheduled().create(author(acme), id, date(random.nextInt(9))));
      dates.add(id);
    }
  }

  private void changeDate(UUID id) {
    if (random.nextBoolean()) {
      done(scheduled().delete(author(acme), id));
      dates.remove(id);
    } else {
      long version = scheduled().find(acme, id).orElseThrow().audit().version();
      done(scheduled().update(author(acme), id, version, date(random.nextInt(9))));
    }
  }

  private ScheduledEventConfiguration.Content date(int offset) {
    EventName name = new EventName("scheduled.bill.e" + codes++);
    return new ScheduledEventConfiguration.Content(name, "Bill", "endDate", offset);
  }

  private void deleteSomething() {
    switch (random.nextInt(3)) {
      case 0 ->
          withOne(
              rules,
              id -> {
                rules().delete(author(acme), id);
                rules.remove(id);
              });
      case 1 ->
          withOne(
              webhooks,
              id -> {
                webhooks().delete(author(acme), id);
                webhooks.remove(id);
              });
      case 2 ->
          withOne(
              links,
              id -> {
                links().delete(author(acme), id);
                links.remove(id);
              });
      default -> throw new IllegalStateException();
    }
  }

  private <T> void withOne(List<T> all, Consumer<T> change) {
    if (!all.isEmpty()) {
      change.accept(all.get(random.nextInt(all.size())));
    }
  }

  private void createRule() {
    RuleId id = new RuleId(StoreSamples.id());
    done(rules().create(author(acme), id, content()));
    rules.add(id);
  }

  private NotificationConfiguration.Content content() {
    EventName event = random.nextBoolean() ? OTHER : Samples.UPDATED;
    String calculation = random.nextBoolean() ? null : "new.spent > " + random.nextInt(9);
    return rule("code_" + codes++, event, random.nextInt(5) > 0, calculation);
  }

  private void update(RuleId id, NotificationConfiguration.Content content) {
    long version = rules().find(acme, id).orElseThrow().audit().version();
    done(rules().update(author(acme), id, version, content));
  }

  private void createWebhook() {
    WebhookId id = new WebhookId(StoreSamples.id());
    done(webhooks().create(author(acme), id, StoreSamples.id(), webhook(null), SIGNED));
    webhooks.add(id);
  }

  private void createLink() {
    if (!rules.isEmpty() && !webhooks.isEmpty()) {
      IntegrationId id = new IntegrationId(StoreSamples.id());
      done(links().create(author(acme), id, anyLink()));
      links.add(id);
    }
  }

  private void move(IntegrationId id) {
    if (!rules.isEmpty() && !webhooks.isEmpty()) {
      long version = links().find(acme, id).orElseThrow().audit().version();
      done(links().update(author(acme), id, version, anyLink()));
    }
  }

  private IntegrationConfiguration.Content anyLink() {
    return link(
        rules.get(random.nextInt(rules.size())).toString(),
        webhooks.get(random.nextInt(webhooks.size())).toString());
  }

  private RuleSet load() {
    return Objects.requireNonNull(ruleSets.load(List.of(acme)).get(acme));
  }

  private static PgNotificationConfigurations rules() {
    return new PgNotificationConfigurations(postgres.database());
  }

  private static PgWebhooks webhooks() {
    return new PgWebhooks(postgres.database(), StoreSamples.seal(1));
  }

  private static PgScheduledEventConfigurations scheduled() {
    return new PgScheduledEventConfigurations(postgres.database(), DATES_MAX);
  }

  private static PgIntegrationConfigurations links() {
    return new PgIntegrationConfigurations(postgres.database());
  }
}
