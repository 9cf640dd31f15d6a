package dev.tocsin.catalog;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * A kind of entity that an organization has besides those of the system: its events are {@code
 * <family>.<name in small letters>.created}, {@code .updated} and {@code .deleted}.
 *
 * @param name as {@code Lead}; what it must be like, {@link EntityForm} says
 * @param family as {@code crm}
 * @param dateFields those of its top-level fields that hold a date or a date with time, in order
 */
public record CustomEntity(String name, String family, List<String> dateFields) {
  public CustomEntity {
    Objects.requireNonNull(name);
    Objects.requireNonNull(family);
    dateFields = List.copyOf(new TreeSet<>(dateFields));
  }

  /** What the names of its events begin with. */
  String stem() {
    return family + "." + name.toLowerCase(Locale.ROOT);
  }

  Set<String> dates() {
    return Set.copyOf(dateFields);
  }
}
