package dev.tocsin.deliver;

import dev.tocsin.event.EventName;
import java.util.Locale;

/** What the customer is told of a delivery that failed, each by an event of its own. */
public enum Failure {
  /** The receiver refuses the credentials: 401, 403. */
  AUTHENTICATION,
  /** The receiver does not understand the request: 400, 422. */
  VALIDATION,
  /** All attempts were used up. */
  PERFORM,
  /** The receiver is gone, or has failed for days, and the link to it is disabled. */
  DISABLED,
  /** The link demands a mapping of the event's account that it does not have. */
  MISSINGACCOUNTMAPPING;

  /** As the database and idempotency keys spell it. */
  public String outcome() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one so spelled; the caller has it from our own database. */
  public static Failure of(String outcome) {
    return valueOf(outcome.toUpperCase(Locale.ROOT));
  }

  /** The event that tells of it. */
  EventName eventName() {
    return new EventName("integration." + outcome() + ".error");
  }
}
