package dev.tocsin.bridge;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;

/**
 * Events as the API returns them. What is sent to many is written out once: it is kept for a while
 * by the very instance that all of them are shown.
 */
final class EventTexts {
  /** Enough for a read or two. */
  private static final long KEPT_CHARACTERS_MAX = 8L << 20;

  private final Cache<StoredEvent, String> kept =
      Caffeine.newBuilder()
          .weakKeys()
          .maximumWeight(KEPT_CHARACTERS_MAX)
          .weigher((StoredEvent event, String text) -> text.length())
          .build();

  String of(StoredEvent event) {
    return kept.get(event, one -> EventJson.append(new StringBuilder(1_024), one).toString());
  }
}
