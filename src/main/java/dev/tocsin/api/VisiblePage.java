package dev.tocsin.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

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
    Page<T> page = source.apply(wanted);
    if (hidden.isEmpty()) {
      return page;
    }
    List<T> visible = new ArrayList<>();
    while (true) {
      for (T item : page.items()) {
        if (!hidden.contains(idOf.apply(item).toString())) {
          if (visible.size() == wanted.size()) {
            return new Page<>(visible, true);
          }
          visible.add(item);
        }
      }
      if (!page.hasMore()) {
        return new Page<>(visible, false);
      }
      UUID last = idOf.apply(page.items().getLast());
      page = source.apply(new PageRequest(wanted.size(), last));
    }
  }
}
