package dev.tocsin.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;

/** Fills a page with what the caller may see, where a list holds single items that he may not. */
final class VisiblePage {
  private VisiblePage() {}

  /**
   * The page. As much is read further as was left out, and that is as little as policies name.
   *
   * @param hidden the ids of what the caller may not see
   */
  static <T> Page<T> of(
      PageRequest wanted,
      Set<String> hidden,
      Function<PageRequest, Page<T>> source,
      Function<T, UUID> idOf) {
    return hidden.isEmpty()
        ? source.apply(wanted)
        : of(wanted, item -> !hidden.contains(idOf.apply(item).toString()), source, idOf);
  }

  /** The page of what the caller may see. */
  static <T> Page<T> of(
      PageRequest wanted,
      Predicate<T> visible,
      Function<PageRequest, Page<T>> source,
      Function<T, UUID> idOf) {
    Page<T> page = source.apply(wanted);
    List<T> seen = new ArrayList<>();
    while (true) {
      for (T item : page.items()) {
        if (visible.test(item)) {
          if (seen.size() == wanted.size()) {
            return new Page<>(seen, true);
          }
          seen.add(item);
        }
      }
      if (!page.hasMore()) {
        return new Page<>(seen, false);
      }
      UUID last = idOf.apply(page.items().getLast());
      page = source.apply(new PageRequest(wanted.size(), last));
    }
  }
}
