package dev.tocsin.api;

import dev.tocsin.flow.BodyForm;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tells by its headers in which form a request has its events. What is not said to be CloudEvents
 * is in our own form, whatever it is said to be.
 */
final class EventForms {
  private static final String CLOUD_EVENTS = "application/cloudevents";
  private static final String PREFIX = "ce-";

  /** What every CloudEvent has, and so shows that there is one in binary mode. */
  private static final CharSequence[] MANDATORY = {
    HttpHeaders.createOptimized("ce-specversion"),
    HttpHeaders.createOptimized("ce-type"),
    HttpHeaders.createOptimized("ce-source"),
    HttpHeaders.createOptimized("ce-id")
  };

  private static final Reading<BodyForm> EVENTS = new Reading.Good<>(new BodyForm.Events());

  private EventForms() {}

  /** The form, or the answer to a request in a format of CloudEvents that is not JSON. */
  static Reading<BodyForm> of(MultiMap headers) {
    String contentType = headers.get(HttpHeaders.CONTENT_TYPE);
    if (contentType != null
        && contentType.regionMatches(true, 0, CLOUD_EVENTS, 0, CLOUD_EVENTS.length())) {
      return formatted(contentType);
    }
    for (CharSequence name : MANDATORY) {
      if (headers.contains(name)) {
        return new Reading.Good<>(binary(headers, contentType));
      }
    }
    return EVENTS;
  }

  private static Reading<BodyForm> formatted(String contentType) {
    int end = contentType.indexOf(';');
    String type = end < 0 ? contentType : contentType.substring(0, end);
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "application/cloudevents+json" -> new Reading.Good<>(new BodyForm.CloudEvent());
      case "application/cloudevents-batch+json" ->
          new Reading.Good<>(new BodyForm.CloudEventBatch());
      default ->
          new Reading.Bad<>(
              ApiError.badRequest(
                  "unsupported_format",
                  "CloudEvents are read as application/cloudevents+json and"
                      + " application/cloudevents-batch+json"));
    };
  }

  /** A header that stands twice is one with both values, as HTTP has it. */
  private static BodyForm binary(MultiMap headers, @Nullable String contentType) {
    Map<String, String> attributes = new HashMap<>();
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith(PREFIX)) {
        attributes.merge(
            name.substring(PREFIX.length()),
            header.getValue(),
            (first, second) -> first + ", " + second);
      }
    }
    return new BodyForm.CloudEventData(attributes, contentType);
  }
}
