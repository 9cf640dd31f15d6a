package dev.tocsin.store;

import dev.tocsin.catalog.ScheduledDates;
import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.Target;
import dev.tocsin.event.EventName;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.AccountMappings;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationParser;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.sqlclient.Row;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rule set of one organization from the rows of {@code ruleSetLoad}: a row for each rule
 * and target, a row without target for a rule that has none, a row without rule for no rules.
 */
final class RuleSetReader {
  private static final Logger log = LoggerFactory.getLogger(RuleSetReader.class);

  /** Most rules and webhooks that a line of the log names with their reasons. */
  private static final int EXAMPLES_MAX = 10;

  private final OrganizationId organization;
  private final long version;
  private final CredentialsSeal seal;
  private final CalculationParser calculations;

  private final List<Listening> rules = new ArrayList<>();

  /** Each webhook's, read once however many rules lead to it; empty for one that is unusable. */
  private final Map<WebhookId, Optional<Destination>> destinations = new HashMap<>();

  /** Why a rule or a webhook is left out. */
  private final Map<RuleId, String> unusableRules = new LinkedHashMap<>();

  private final Map<WebhookId, String> unusableWebhooks = new LinkedHashMap<>();

  /** The first row of the rule that is being read, and the targets it has so far. */
  private @Nullable Row rule;

  private final List<Target> targets = new ArrayList<>();
  private int targetsLeftOut;

  RuleSetReader(
      OrganizationId organization,
      long version,
      CredentialsSeal seal,
      CalculationParser calculations) {
    this.organization = organization;
    this.version = version;
    this.seal = seal;
    this.calculations = calculations;
  }

  /** Takes the next row; the rows of a rule follow each other. */
  void add(Row row) {
    UUID id = row.getUUID("id");
    if (id == null) {
      return;
    }
    if (rule == null || !id.equals(rule.getUUID("id"))) {
      finishRule();
      rule = row;
    }
    if (row.getUUID("integration_id") != null) {
      target(row).ifPresentOrElse(targets::add, () -> targetsLeftOut++);
    }
  }

  /** The rule set of all rows. */
  RuleSet ruleSet(MeterRegistry meters, ScheduledDates dates) {
    return new RuleSet(version, rules(meters), dates);
  }

  /** The rules of all rows; tells the log once what was left out of them. */
  List<Listening> rules(MeterRegistry meters) {
    finishRule();
    if (!unusableRules.isEmpty() || targetsLeftOut > 0) {
      meters.counter("tocsin.rules.unusable").increment(unusableRules.size());
      meters.counter("tocsin.targets.unusable").increment(targetsLeftOut);
      log.error(
          "rule set incomplete organization={} version={} rules={} targets={} ruleReasons={}"
              + " webhookReasons={}",
          organization,
          version,
          unusableRules.size(),
          targetsLeftOut,
          examples(unusableRules),
          examples(unusableWebhooks));
    }
    return List.copyOf(rules);
  }

  private static String examples(Map<?, String> reasons) {
    return reasons.entrySet().stream()
        .limit(EXAMPLES_MAX)
        .map(reason -> reason.getKey() + ": " + reason.getValue())
        .collect(Collectors.joining("; ", "[", "]"));
  }

  private void finishRule() {
    Row first = rule;
    if (first != null) {
      EventName name = new EventName(first.getString("event_name"));
      read(first).ifPresent(read -> rules.add(new Listening(name, read)));
    }
    targets.clear();
  }

  private Optional<Rule> read(Row row) {
    RuleId id = new RuleId(row.getUUID("id"));
    if (row.getBoolean("always_fire_event")) {
      return Optional.of(rule(id, row, null));
    }
    return switch (calculations.parse(row.getString("calculation"))) {
      case Parsed.Valid valid -> Optional.of(rule(id, row, valid.calculation()));
      case Parsed.Invalid invalid -> {
        unusableRules.put(id, invalid.problems().getFirst().message());
        yield Optional.empty();
      }
    };
  }

  private Rule rule(RuleId id, Row row, @Nullable Calculation calculation) {
    return new Rule(
        id,
        row.getString("code"),
        row.getString("name"),
        row.getLong("version"),
        calculation,
        targets);
  }

  /** Empty for one that is unusable. */
  private Optional<Target> target(Row row) {
    IntegrationId link = new IntegrationId(row.getUUID("integration_id"));
    WebhookId webhook = new WebhookId(row.getUUID("webhook_id"));
    String off = row.getString("reason_off");
    if (off != null) {
      return Optional.of(new Target.Off(link, webhook, off));
    }
    String mappings = row.getString("account_mappings");
    return destination(webhook, row)
        .map(to -> new Target.On(link, to, mappings == null ? null : mappings(mappings)));
  }

  /** What is no object of mappings was not saved by us, and maps no account. */
  private static AccountMappings mappings(String json) {
    try {
      return new AccountMappings(JsonValues.payload(json).fields().keySet());
    } catch (IOException e) {
      return new AccountMappings(Set.of());
    }
  }

  private Optional<Destination> destination(WebhookId id, Row row) {
    return destinations.computeIfAbsent(id, unread -> readDestination(id, row));
  }

  private Optional<Destination> readDestination(WebhookId id, Row row) {
    byte[] sealed = row.getBuffer("credentials_sealed").getBytes();
    try {
      URI url = new URI(row.getString("url"));
      return Optional.of(new Destination(id, url, seal.open(organization, id, sealed)));
    } catch (URISyntaxException e) {
      // Says why but not what: a URL may hold a secret.
      unusableWebhooks.put(id, "the url is none: " + e.getReason());
    } catch (IllegalStateException e) {
      unusableWebhooks.put(id, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }
}
