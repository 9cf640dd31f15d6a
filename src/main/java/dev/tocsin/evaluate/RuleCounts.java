package dev.tocsin.evaluate;

import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.rule.RuleId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a rule did, to be added to what it did before on the same day.
 *
 * @param day UTC's
 * @param evaluated for how many events it was computed, or found to fire without that; an event
 *     that is judged again, because it was sent twice or the rules changed meanwhile, counts again
 * @param fired how many notifications it set off
 * @param errors on how many stored events it could not be computed
 * @param lastError the latest of these; null when there are none
 */
public record RuleCounts(
    OrganizationId organization,
    RuleId rule,
    LocalDate day,
    long evaluated,
    long fired,
    long errors,
    @Nullable LastError lastError) {
  public RuleCounts {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(rule);
    Objects.requireNonNull(day);
    if ((errors == 0) != (lastError == null)) {
      throw new IllegalArgumentException(errors + " errors, the last " + lastError);
    }
  }

  /**
   * That a rule could not be computed.
   *
   * @param message for the rule's author
   * @param event on which event
   */
  public record LastError(String message, EventId event, Instant occurred) {
    public LastError {
      Objects.requireNonNull(message);
      Objects.requireNonNull(event);
      Objects.requireNonNull(occurred);
    }
  }

  /** Both together; the later error of the two is the last. */
  RuleCounts plus(RuleCounts other) {
    return new RuleCounts(
        organization,
        rule,
        day,
        evaluated + other.evaluated,
        fired + other.fired,
        errors + other.errors,
        later(lastError, other.lastError));
  }

  /** The same, with another message of the last error. */
  RuleCounts telling(String message) {
    LastError error = Objects.requireNonNull(lastError);
    return new RuleCounts(
        organization,
        rule,
        day,
        evaluated,
        fired,
        errors,
        new LastError(message, error.event(), error.occurred()));
  }

  private static @Nullable LastError later(@Nullable LastError one, @Nullable LastError other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.occurred().isAfter(other.occurred()) ? one : other;
  }
}
