package dev.tocsin.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads ids as callers write them. */
final class Uuids {
  private static final int LENGTH = 36;

  private Uuids() {}

  /**
   * The id, or null if the text is none. Stricter than {@link UUID#fromString}, which takes {@code
   * 1-2-3-4-5} for one: an id has one spelling, capitals aside.
   */
  static @Nullable UUID parse(@Nullable String text) {
    if (text == null || text.length() != LENGTH) {
      return null;
    }
    try {
      UUID id = UUID.fromString(text);
      return id.toString().equalsIgnoreCase(text) ? id : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
