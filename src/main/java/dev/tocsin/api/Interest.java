package dev.tocsin.api;

import dev.tocsin.event.Category;
import dev.tocsin.event.StoredEvent;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The events somebody asks for.
 *
 * @param names those with one of these names; empty for any
 * @param categories those of one of these categories; empty for any
 */
record Interest(Set<String> names, Set<Category> categories) {
  private static final int NAMES_MAX = 100;

  Interest {
    names = Set.copyOf(names);
    categories = Set.copyOf(categories);
  }

  /** What a query's {@code eventName} and {@code eventType} ask for. */
  static Interest of(Query query) {
    List<String> types = query.texts("eventType", Category.values().length);
    Set<Category> categories = new HashSet<>();
    for (String type : types) {
      Arrays.stream(Category.values())
          .filter(category -> category.text().equals(type))
          .findFirst()
          .ifPresentOrElse(
              categories::add, () -> query.flaw("eventType", "no event type is spelled " + type));
    }
    return new Interest(new HashSet<>(query.texts("eventName", NAMES_MAX)), categories);
  }

  boolean includes(StoredEvent event) {
    return (names.isEmpty() || names.contains(event.name().value()))
        && (categories.isEmpty() || categories.contains(event.category()));
  }
}
