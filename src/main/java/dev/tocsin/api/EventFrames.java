package dev.tocsin.api;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;
import io.vertx.core.buffer.Buffer;

/**
 * Events as server-sent events (WHATWG HTML, section 9.2.5). What is sent to many is written out
 * once: it is kept for a while by the very instance that all of them are shown.
 */
final class EventFrames {
  /** Enough for a read or two. */
  private static final long KEPT_BYTES_MAX = 16L << 20;

  private final Cache<StoredEvent, Buffer> kept =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumWeight(KEPT_BYTES_MAX)
          .weigher((StoredEvent event, Buffer frame) -> frame.length())
          .build();

  /** An event: its id, its name, and all of it as the API returns it. */
  Buffer of(StoredEvent event) {
    return kept.get(event, EventFrames::write);
  }

  private static Buffer write(StoredEvent event) {
    StringBuilder out = new StringBuilder(1_024);
    out.append("id: ").append(event.id()).append("\nevent: ");
    out.append(onOneLine(event.name().value())).append('\n');
    appendData(out, EventJson.append(new StringBuilder(1_024), event));
    return Buffer.buffer(out.append('\n').toString());
  }

  /**
   * The last that a client is sent. Its name is none that an event can have, and it has no id, so
   * that a client resumes after the event before it.
   */
  static Buffer end(ApiError reason) {
    StringBuilder out = new StringBuilder("event: _end\n");
    appendData(out, reason.json());
    return Buffer.buffer(out.append('\n').toString());
  }

  /** Codes of rules are part of names, and may be anything. */
  private static String onOneLine(String name) {
    return name.replace('\r', ' ').replace('\n', ' ');
  }

  /** Payloads are sent as they were received, over several lines if they have several. */
  private static void appendData(StringBuilder out, CharSequence json) {
    out.append("data: ");
    for (int i = 0; i < json.length(); i++) {
      char character = json.charAt(i);
      if (character == '\n') {
        out.append("\ndata: ");
      } else if (character == '\r') {
        out.append("\ndata: ");
        i += i + 1 < json.length() && json.charAt(i + 1) == '\n' ? 1 : 0;
      } else {
        out.append(character);
      }
    }
    out.append('\n');
  }
}
