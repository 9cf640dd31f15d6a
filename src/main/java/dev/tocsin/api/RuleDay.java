package dev.tocsin.api;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a rule did on a day.
 *
 * @param day UTC's
 * @param evaluated for how many events it was evaluated; those that the index keeps from it do not
 *     count
 * @param fired how many notifications it set off
 * @param errors on how many events it could not be computed
 * @param lastError the latest of these; null when there are none
 */
public record RuleDay(
    LocalDate day, long evaluated, long fired, long errors, @Nullable LastError lastError) {
  public RuleDay {
    Objects.requireNonNull(day);
  }

  /**
   * That a rule could not be computed.
   *
   * @param event the id of the event it was asked of
   */
  public record LastError(String message, UUID event, Instant occurred) {
    public LastError {
      Objects.requireNonNull(message);
      Objects.requireNonNull(event);
      Objects.requireNonNull(occurred);
    }
  }
}
