package dev.tocsin.ingest;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.IdempotencyKey;
import dev.tocsin.event.IncomingEvent;
import dev.tocsin.event.IncomingEvent.Timing;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.event.Transition;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Makes the event that tells of a rejected one: {@code {code, message, index, original}}, where
 * {@code original} is the item as it was sent, or its text when it cannot be read there, or the
 * beginning of its text when that is long.
 */
final class Rejections {
  /** Longest original that is kept whole, in characters. */
  static final int ORIGINAL_LENGTH_MAX = 64 * 1024;

  private Rejections() {}

  static IncomingEvent failure(RawItem item, Checked.Bad reason, Instant now) {
    return new IncomingEvent(
        key(item),
        Catalog.INGEST_VALIDATION_FAILURE,
        Category.INGEST_VALIDATION_FAILURE,
        now,
        Timing.ARRIVED,
        null,
        Transition.NONE,
        null,
        payload(item, reason),
        null);
  }

  private static @Nullable IdempotencyKey key(RawItem item) {
    if (item.id() == null) {
      return null;
    }
    return item.source() == null
        ? IdempotencyKey.ofRejection(item.id())
        : IdempotencyKey.ofRejectedCloudEvent(item.source(), item.id());
  }

  private static Payload payload(RawItem item, Checked.Bad reason) {
    String original = item.json();
    if (original.length() <= ORIGINAL_LENGTH_MAX) {
      try {
        return JsonValues.payload(json(item, reason, original));
      } catch (IOException e) {
        // In here the item is one level deeper than it was; and where it is no object, reading it
        // passed over keys that stand twice and numbers out of range.
      }
    }
    String text = json(item, reason, quoted(beginning(original)));
    try {
      return JsonValues.payload(text);
    } catch (IOException e) {
      throw new IllegalStateException("a failure event of our own making is not JSON", e);
    }
  }

  private static String json(RawItem item, Checked.Bad reason, String original) {
    return "{\"code\":"
        + quoted(reason.code())
        + ",\"message\":"
        + quoted(reason.fullMessage())
        + ",\"index\":"
        + item.index()
        + ",\"original\":"
        + original
        + '}';
  }

  private static String quoted(String text) {
    return EventJson.appendText(new StringBuilder(), text).toString();
  }

  /** As much of a text as is kept, without half a character at the end. */
  private static String beginning(String text) {
    if (text.length() <= ORIGINAL_LENGTH_MAX) {
      return text;
    }
    boolean splits = Character.isHighSurrogate(text.charAt(ORIGINAL_LENGTH_MAX - 1));
    return text.substring(0, splits ? ORIGINAL_LENGTH_MAX - 1 : ORIGINAL_LENGTH_MAX);
  }
}
