package dev.tocsin.event;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import org.jspecify.annotations.Nullable;

/**
 * Writes an event as the API returns it and webhooks carry it, with both payloads copied in exactly
 * as they were received.
 */
public final class EventJson {
  private static final JsonStringEncoder ENCODER = JsonStringEncoder.getInstance();

  private EventJson() {}

  /** Appends the event as one JSON object. */
  public static StringBuilder append(StringBuilder out, StoredEvent event) {
    out.append("{\"id\":\"").append(event.id());
    out.append("\",\"eventName\":");
    appendText(out, event.name().value());
    out.append(",\"eventType\":\"").append(event.category().text());
    out.append("\",\"eventTime\":\"").append(event.time());
    out.append("\",\"organizationId\":\"").append(event.organization());
    out.append("\",\"resourceId\":");
    appendText(out, event.resourceId());
    out.append(",\"accountId\":");
    appendText(out, event.accountId());
    out.append(",\"dtCreated\":\"").append(event.id().created());
    out.append("\",\"dtActioned\":");
    appendText(out, event.actioned() == null ? null : event.actioned().toString());
    out.append(",\"m3terEvent\":{\"eventData\":{");
    if (event.after() != null) {
      out.append("\"newDto\":").append(event.after());
    }
    if (event.before() != null) {
      out.append(event.after() == null ? "\"oldDto\":" : ",\"oldDto\":").append(event.before());
    }
    return out.append("}}}");
  }

  /** Appends a JSON string, or {@code null}. */
  public static StringBuilder appendText(StringBuilder out, @Nullable String text) {
    if (text == null) {
      return out.append("null");
    }
    out.append('"');
    ENCODER.quoteAsString(text, out);
    return out.append('"');
  }
}
