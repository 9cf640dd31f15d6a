package dev.tocsin.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a list to answer. Lists go from the newest id to the oldest.
 *
 * @param size most items of the page
 * @param after the last id of the page before; null for the first page
 */
public record PageRequest(int size, @Nullable UUID after) {
  public PageRequest {
    if (size < 1) {
      throw new IllegalArgumentException("a page of " + size);
    }
  }
}
