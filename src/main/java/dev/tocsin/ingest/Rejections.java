package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Transition;
import java.io.IOException;
import java.time.Instant;

/**
 * Makes the event that tells of a rejected one: {@code {code, message, index, original}}, where
 * {@code original} is the item as it was sent, or the beginning of its text when that is long.
 */
final class Rejections {
  /** Longest original that is kept whole, in characters. */
  static final int ORIGINAL_LENGTH_MAX = 64 * 1024;

  private Rejections() {}

  static IncomingEvent failure(RawItem item, Checked.Bad reason, Instant now) {
    StringBuilder json = new StringBuilder("{\"code\":");
    EventJson.appendText(json, reason.code());
    EventJson.appendText(json.append(",\"message\":"), reason.message());
    json.append(",\"index\":").append(item.index()).append(",\"original\":");
    if (item.json().length() <= ORIGINAL_LENGTH_MAX) {
      json.append(item.json());
    } else {
      EventJson.appendText(json, item.json().substring(0, ORIGINAL_LENGTH_MAX));
    }
    json.append('}');
    try {
      return new IncomingEvent(
          item.id() == null ? null : IdempotencyKey.ofRejection(item.id()),
          Catalog.INGEST_VALIDATION_FAILURE,
          Category.INGEST_VALIDATION_FAILURE,
          now,
          Timing.ARRIVED,
          null,
          Transition.NONE,
          null,
          JsonValues.payload(json.toString()),
          null);
    } catch (IOException e) {
      throw new IllegalStateException("a failure event of our own making is not JSON", e);
    }
  }
}
