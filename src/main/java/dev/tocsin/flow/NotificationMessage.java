package dev.tocsin.flow;

import dev.tocsin.event.EventId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import java.util.Objects;

/**
 * What a webhook is told: that a rule fired on an event.
 *
 * @param id the id of the notification's own event; stable over every attempt and replay, it is
 *     what a receiver deduplicates by
 * @param ruleVersion the version of the notification configuration that fired
 * @param cause the event it fired on
 */
public record NotificationMessage(
    EventId id,
    RuleId rule,
    String ruleCode,
    String ruleName,
    long ruleVersion,
    StoredEvent cause) {
  public NotificationMessage {
    Objects.requireNonNull(id);
    Objects.requireNonNull(rule);
    Objects.requireNonNull(ruleCode);
    Objects.requireNonNull(ruleName);
    Objects.requireNonNull(cause);
  }
}
