package dev.tocsin.catalog;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Transition;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event type of the catalog.
 *
 * @param entity the entity whose change it tells; null for one that is about no entity
 * @param fields what is known of the entity's top-level fields; empty when nothing is
 * @param dateFields those top-level fields of the entity that hold a date or a date with time
 */
public record EventType(
    EventName name,
    Category category,
    @Nullable String entity,
    Transition transition,
    Map<String, FieldType> fields,
    Set<String> dateFields) {
  public EventType {
    Objects.requireNonNull(name);
    Objects.requireNonNull(category);
    Objects.requireNonNull(transition);
    fields = Map.copyOf(fields);
    dateFields = Set.copyOf(dateFields);
    if ((entity == null) != (transition == Transition.NONE)) {
      throw new IllegalArgumentException(name + " has an entity and no transition, or neither");
    }
  }
}
