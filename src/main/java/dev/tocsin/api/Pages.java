package dev.tocsin.api;

import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Writes a page as the API answers it: {@code {"data": […][, "nextToken"]}}. */
final class Pages {
  private Pages() {}

  /**
   * The answer of a list.
   *
   * @param append appends one item as one JSON object
   */
  static <T> Answer answer(Page<T> page, BiConsumer<JsonText, T> append, Function<T, UUID> idOf) {
    return answer(new JsonText(256 + 1_024 * page.items().size()).open(), page, append, idOf);
  }

  /** The answer of a list which is an object that others have begun. */
  static <T> Answer answer(
      JsonText out, Page<T> page, BiConsumer<JsonText, T> append, Function<T, UUID> idOf) {
    out.openArray("data");
    page.items().forEach(item -> append.accept(out, item));
    out.closeArray();
    if (page.hasMore()) {
      out.text("nextToken", PageToken.of(idOf.apply(page.items().getLast())));
    }
    return new Answer.Ok(out.close().toString());
  }
}
