package dev.tocsin.api;

import java.util.List;

/**
 * A part of a list.
 *
 * @param hasMore whether older items follow
 */
public record Page<T>(List<T> items, boolean hasMore) {
  public Page {
    items = List.copyOf(items);
  }
}
