package dev.tocsin.evaluate;

import dev.tocsin.event.Category;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventName;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.Ids;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Organizations, events and rules for tests of evaluation. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  public static final Duration LEASE = Duration.ofMinutes(1);
  public static final Duration LATE_WINDOW = Duration.ofHours(24);
  public static final EventName UPDATED = new EventName("configuration.commitment.updated");

  private Samples() {}

  /** Version 7 ids of a fixed time that count up. */
  public static Ids ids() {
    AtomicLong next = new AtomicLong();
    return () ->
        new UUID(
            NOW.toEpochMilli() << 16 | 0x7000, 0x8000_0000_0000_0000L | next.incrementAndGet());
  }

  public static OrganizationId organization(int number) {
    return new OrganizationId(new UUID(0, number));
  }

  public static Payload payload(String json) {
    try {
      return JsonValues.payload(json);
    } catch (IOException e) {
      throw new IllegalArgumentException(json, e);
    }
  }

  /** An update of a commitment whose old state is not sent. */
  public static IncomingEvent update(@Nullable String key, String entity, int spent) {
    return update(key, entity, spent, NOW);
  }

  public static IncomingEvent update(@Nullable String key, String entity, int spent, Instant time) {
    return update(key, entity, spent, time, IncomingEvent.Timing.SENT);
  }

  /** An update whose sender does not say when it happened. */
  public static IncomingEvent arrival(String entity, int spent, Instant time) {
    return update(null, entity, spent, time, IncomingEvent.Timing.ARRIVED);
  }

  private static IncomingEvent update(
      @Nullable String key, String entity, int spent, Instant time, IncomingEvent.Timing timing) {
    return new IncomingEvent(
        key == null ? null : IdempotencyKey.ofSender(key),
        UPDATED,
        Category.CONFIGURATION,
        time,
        timing,
        new EntityRef("Commitment", entity),
        Transition.UPDATED,
        "account-1",
        payload("{\"id\":\"" + entity + "\",\"amountSpent\":" + spent + "}"),
        null);
  }

  /** A rule that fires on every update, sent to one webhook. */
  public static Rule always(int number) {
    return rule(number, null);
  }

  public static Rule rule(int number, @Nullable Calculation calculation) {
    return new Rule(
        new RuleId(new UUID(1, number)),
        "rule_" + number,
        "Rule " + number,
        1,
        calculation,
        List.of(
            new Target.On(
                new IntegrationId(new UUID(2, number)),
                new Destination(
                    new WebhookId(new UUID(3, number)),
                    URI.create("http://127.0.0.1:9/hook"),
                    new Credentials.Unsigned()),
                null)));
  }

  /** A rule that fires on every update, and whose only webhook is switched off. */
  public static Rule switchedOff(int number) {
    Rule on = always(number);
    Target target = on.targets().getFirst();
    return new Rule(
        on.id(),
        on.code(),
        on.name(),
        on.version(),
        null,
        List.of(new Target.Off(target.integration(), target.webhook(), "it is off")));
  }

  public static RuleSet rules(long version, Rule... rules) {
    return new RuleSet(
        version, Stream.of(rules).map(rule -> new RuleSet.Listening(UPDATED, rule)).toList());
  }
}
