package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An integration run: one delivery of a notification to a webhook.
 *
 * @param what what it delivers, and where
 * @param url where its webhook is now; null when that does not exist any more
 * @param attempts how many were made
 * @param error what the last attempt failed with, or why none is made; null when there is nothing
 *     to say
 * @param due when it is attempted next, or taken from whoever attempts it now; null when it has
 *     ended
 * @param started when it was taken up first; null when it was not
 * @param completed when it ended; null when it has not
 * @param parent the run that it is a replay of; null when it is none
 * @param version grows when somebody takes it up
 * @param lastModified when anything happened to it last
 */
public record IntegrationRun(
    RunId id,
    What what,
    IntegrationRunStatus status,
    @Nullable String url,
    int attempts,
    @Nullable String error,
    @Nullable Instant due,
    @Nullable Instant started,
    @Nullable Instant completed,
    @Nullable RunId parent,
    long version,
    Instant lastModified) {
  public IntegrationRun {
    Objects.requireNonNull(lastModified);
    Objects.requireNonNull(id);
    Objects.requireNonNull(what);
    Objects.requireNonNull(status);
  }

  /**
   * What a run delivers, and where.
   *
   * @param cause the event that a rule fired on
   * @param notification the event that tells of that
   */
  public record What(
      RuleId rule,
      EventId cause,
      EventId notification,
      IntegrationId integration,
      WebhookId webhook) {
    public What {
      Objects.requireNonNull(rule);
      Objects.requireNonNull(cause);
      Objects.requireNonNull(notification);
      Objects.requireNonNull(integration);
      Objects.requireNonNull(webhook);
    }
  }

  /**
   * One request of a run.
   *
   * @param number from 1
   * @param responseStatus null when no answer came
   * @param error null when it succeeded
   * @param response the beginning of the answer's body; null when there was none
   */
  public record Attempt(
      int number,
      Instant started,
      Duration duration,
      @Nullable Integer responseStatus,
      @Nullable String error,
      @Nullable String response) {
    public Attempt {
      Objects.requireNonNull(started);
      Objects.requireNonNull(duration);
    }
  }

  /** When it was made, to the millisecond. */
  Instant created() {
    return new EventId(id.value()).created();
  }
}
