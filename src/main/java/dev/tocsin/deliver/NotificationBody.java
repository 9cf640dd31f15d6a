package dev.tocsin.deliver;

import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.NotificationMessage;
import org.jspecify.annotations.Nullable;

/**
 * The body of a webhook's request. It depends on the notification alone, so every attempt sends the
 * same bytes under the same id.
 */
final class NotificationBody {
  /** What surrounds the two payloads, roughly, so that the text is seldom moved while it grows. */
  private static final int ENVELOPE_CHARS = 1_024;

  private NotificationBody() {}

  /** One JSON object; the event's payloads stand in it exactly as they were received. */
  static String of(NotificationMessage message) {
    StoredEvent cause = message.cause();
    StringBuilder out =
        new StringBuilder(ENVELOPE_CHARS + length(cause.after()) + length(cause.before()));
    EventJson.appendText(out.append("{\"type\":"), cause.name().value());
    out.append(",\"timestamp\":\"").append(cause.time());
    out.append("\",\"data\":{\"id\":\"").append(message.id());
    out.append("\",\"organizationId\":\"").append(cause.organization());
    out.append("\",\"notification\":{\"id\":\"").append(message.rule());
    EventJson.appendText(out.append("\",\"code\":"), message.ruleCode());
    EventJson.appendText(out.append(",\"name\":"), message.ruleName());
    out.append(",\"version\":").append(message.ruleVersion());
    return EventJson.append(out.append("},\"event\":"), cause).append("}}").toString();
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
