package dev.tocsin.deliver;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Makes the events that tell of failed deliveries: what happened, why, and what to do, with the ids
 * by which m3ter's console finds the run and the integration configuration.
 */
final class FailureEvents {
  private FailureEvents() {}

  /** Why something happened, and what to do about it. */
  private record Words(String cause, String action) {}

  /** The event of a failure; its key is the same whenever it is made. */
  static IncomingEvent of(Owed owed, Failure failure) {
    Owed.Cause cause = owed.about().cause();
    return new IncomingEvent(
        IdempotencyKey.ofProducer("run:" + owed.run() + ":" + failure.outcome()),
        failure.eventName(),
        Category.INTEGRATION,
        owed.occurred(),
        Timing.SENT,
        null,
        Transition.NONE,
        cause == null ? null : cause.accountId(),
        payload(owed, failure),
        null);
  }

  private static Words words(Owed owed, Failure failure) {
    return switch (failure) {
      case AUTHENTICATION ->
          new Words(
              "The receiver refuses the webhook's credentials: it answered "
                  + owed.responseStatus()
                  + ".",
              "Give the webhook the API key and secret that its receiver expects. The run is"
                  + " attempted again until its attempts are used up; after that, replay it.");
      case VALIDATION ->
          new Words(
              "The receiver does not accept the request: it answered "
                  + owed.responseStatus()
                  + ".",
              "The run's attempts have what the receiver said; make it accept the request. The run"
                  + " is attempted again until its attempts are used up; after that, replay it.");
      case PERFORM -> owed.hasExpired() ? expired(owed) : performed(owed);
      case DISABLED ->
          new Words(
              disabledBecause(owed) + " The integration configuration was disabled.",
              "Give the webhook the address of a receiver that works, enable the integration"
                  + " configuration, then replay the runs that failed, and those that ended as DISABLED meanwhile.");
      case MISSINGACCOUNTMAPPING ->
          new Words(
              "The integration configuration demands a mapping of the event's account, and has"
                  + " none: "
                  + owed.error()
                  + ".",
              "Add the account to accountMappings in the integration configuration's configData,"
                  + " then replay the run.");
    };
  }

  private static Words performed(Owed owed) {
    return new Words(
        "The notification was not delivered, in %d attempts; the last one failed: %s."
            .formatted(owed.attempt(), owed.error()),
        "Mend the receiver, then replay the run.");
  }

  private static Words expired(Owed owed) {
    return new Words(
        "The notification was not delivered before its event expired, after %d attempts."
            .formatted(owed.attempt()),
        "Nothing is left to be replayed. Mend the receiver, so that the next ones arrive.");
  }

  private static String disabledBecause(Owed owed) {
    return owed.failure() == Failure.DISABLED
        ? "The receiver answered 410: it is gone."
        : "Every request to the webhook has failed since " + owed.failingSince() + ".";
  }

  private static Payload payload(Owed owed, Failure failure) {
    Words words = words(owed, failure);
    Owed.About about = owed.about();
    StringBuilder out = new StringBuilder(1_024).append('{');
    add(out, "message", words.cause() + " " + words.action());
    add(out, "cause", words.cause());
    add(out, "action", words.action());
    add(out, "integrationRunId", owed.run().toString());
    add(out, "integrationConfigId", about.integration().toString());
    add(out, "entityType", "Notification");
    add(out, "entityId", about.rule().toString());
    add(out, "destination", "Webhook");
    add(out, "destinationId", about.webhook().toString());
    add(out, "status", owed.status().name());
    add(out, "error", owed.error());
    out.append(",\"attempt\":").append(owed.attempt());
    out.append(",\"responseStatus\":").append(owed.responseStatus());
    add(out, "notificationId", about.rule().toString());
    add(out, "notificationCode", about.ruleCode());
    add(out, "notificationEventId", about.notification().toString());
    add(out, "eventId", about.causeId().toString());
    add(out, "eventName", about.cause() == null ? null : about.cause().name());
    add(out, "accountId", about.cause() == null ? null : about.cause().accountId());
    return parsed(out.append('}').toString());
  }

  private static void add(StringBuilder out, String name, @Nullable String text) {
    if (out.length() > 1) {
      out.append(',');
    }
    EventJson.appendText(out, name).append(':');
    EventJson.appendText(out, text);
  }

  private static Payload parsed(String json) {
    try {
      return JsonValues.payload(json);
    } catch (IOException e) {
      throw new IllegalStateException("an event of our own making is not JSON: " + json, e);
    }
  }
}
