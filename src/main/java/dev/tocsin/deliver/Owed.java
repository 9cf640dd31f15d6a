package dev.tocsin.deliver;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is written down and of which the customer is not told yet.
 *
 * @param attempt the number of the attempt that failed so
 * @param status the run's status after it
 * @param responseStatus what the receiver answered; null when it did not
 * @param error why the attempt failed
 * @param occurred when that was written down
 * @param failingSince when the first attempt was made since which all of the webhook's failed; null
 *     when one succeeded after it, or the webhook does not exist any more
 */
public record Owed(
    OrganizationId organization,
    RunId run,
    Failure failure,
    int attempt,
    RunStatus status,
    @Nullable Integer responseStatus,
    @Nullable String error,
    Instant occurred,
    About about,
    @Nullable Instant failingSince) {
  public Owed {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(run);
    Objects.requireNonNull(failure);
    Objects.requireNonNull(status);
    Objects.requireNonNull(occurred);
    Objects.requireNonNull(about);
  }

  /**
   * What the run delivers, and where.
   *
   * @param ruleCode null when the notification has expired
   * @param cause the event that the rule fired on; null when it is gone
   */
  public record About(
      IntegrationId integration,
      WebhookId webhook,
      RuleId rule,
      @Nullable String ruleCode,
      EventId notification,
      EventId causeId,
      @Nullable Cause cause) {
    public About {
      Objects.requireNonNull(integration);
      Objects.requireNonNull(webhook);
      Objects.requireNonNull(rule);
      Objects.requireNonNull(notification);
      Objects.requireNonNull(causeId);
    }
  }

  /**
   * What has to be known of the event that a rule fired on.
   *
   * @param name null when the event has expired: then nothing is told of it but that
   */
  public record Cause(@Nullable String name, Category category, @Nullable String accountId) {
    public Cause {
      Objects.requireNonNull(category);
    }
  }

  /** Whether the event has expired, so that nothing of it can be delivered any more. */
  boolean hasExpired() {
    return about.cause() == null || about.cause().name() == null;
  }

  /**
   * Whether an event is to tell of it. None tells of the delivery of such an event, or a rule on
   * them would set itself off, by its own failing delivery, again and again.
   */
  boolean isToBeTold() {
    return about.cause() != null && about.cause().category() != Category.INTEGRATION;
  }
}
