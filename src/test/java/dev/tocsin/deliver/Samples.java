package dev.tocsin.deliver;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.WebhookId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/** Organizations, webhooks and runs for tests of delivery. */
public final class Samples {
  public static final Instant NOW = Instant.parse("2026-11-23T08:00:00Z");
  public static final OrganizationId ACME = new OrganizationId(new UUID(0, 1));
  public static final OrganizationId BOLT = new OrganizationId(new UUID(0, 2));
  public static final RuleId RULE = new RuleId(new UUID(1, 1));
  public static final Credentials CREDENTIALS =
      new Credentials.Signed("the-key", List.of("new secret", "old secret"));
  private static final URI URL = URI.create("http://127.0.0.1:9/hook");

  private Samples() {}

  /** The n-th version 7 id of a kind, made so many days after the first day. */
  public static UUID id(int kind, int number, int day) {
    long millis = NOW.plus(Duration.ofDays(day)).toEpochMilli();
    return new UUID(millis << 16 | 0x7000, 0x8000_0000_0000_0000L | (long) kind << 32 | number);
  }

  public static RunId run(int number) {
    return new RunId(id(1, number, number % 2));
  }

  public static WebhookId webhook(int number) {
    return new WebhookId(new UUID(3, number));
  }

  public static Destination destination(WebhookId webhook) {
    return new Destination(webhook, URL, CREDENTIALS);
  }

  /** What run number n tells: that a rule fired on an event of its own. */
  public static NotificationMessage message(OrganizationId organization, int number) {
    return new NotificationMessage(
        new EventId(id(4, number, number % 2)),
        RULE,
        "commitment_90",
        "Commitment \"90 %\"",
        7,
        new StoredEvent(
            organization,
            new EventId(id(2, number, number % 2)),
            new EventName("configuration.commitment.updated"),
            Category.CONFIGURATION,
            NOW.plusSeconds(number),
            "commitment-" + number,
            "account-1",
            "{\"id\":\"commitment-" + number + "\",  \"amount\":1.50}",
            "{\"amount\":1.0}",
            null));
  }

  /** Bounds that no test reaches unless it sets its own. */
  public static DeliverSettings settings() {
    return settings(4, 1_000, 100, 10_000);
  }

  /** Organizations have no bounds of their own. */
  public static DeliverSettings settings(
      int perWebhookConcurrency, int perWebhookQueueMax, int inFlightMax, int queueMax) {
    return settings(
        perWebhookConcurrency,
        perWebhookQueueMax,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        inFlightMax,
        queueMax);
  }

  public static DeliverSettings settings(
      int perWebhookConcurrency,
      int perWebhookQueueMax,
      int perOrganizationConcurrency,
      int perOrganizationQueueMax,
      int inFlightMax,
      int queueMax) {
    return new DeliverSettings(
        Duration.ofSeconds(15),
        perWebhookConcurrency,
        perWebhookQueueMax,
        perOrganizationConcurrency,
        perOrganizationQueueMax,
        inFlightMax,
        queueMax,
        Collections.nCopies(9, Duration.ofSeconds(10)),
        0,
        Duration.ofHours(1),
        100,
        3);
  }
}
