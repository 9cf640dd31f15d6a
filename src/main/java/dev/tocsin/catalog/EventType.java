package dev.tocsin.catalog;

import dev.tocsin.event.Category;
import dev.tocsin.event.EventName;
import dev.tocsin.event.Transition;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An event type of the catalog.
 *
 * @param entity the entity it is about; null for one that is about no entity
 * @param transition what it tells of the entity; {@link Transition#NONE} when it changes none
 * @param fields what is known of the entity's fields, by their paths; empty when nothing is
 * @param dateFields those top-level fields of the entity that hold a date or a date with time
 * @param described whether the known fields are, as far as anybody knows, all there are
 */
public record EventType(
    EventName name,
    Category category,
    @Nullable String entity,
    Transition transition,
    Map<String, FieldType> fields,
    Set<String> dateFields,
    boolean described) {
  public EventType {
    Objects.requireNonNull(name);
    Objects.requireNonNull(category);
    Objects.requireNonNull(transition);
    fields = Map.copyOf(fields);
    dateFields = Set.copyOf(dateFields);
    if (entity == null && transition != Transition.NONE) {
      throw new IllegalArgumentException(name + " changes no entity");
    }
  }

  /** A type that is about no entity, of whose fields nothing is known. */
  static EventType fact(EventName name, Category category) {
    return new EventType(name, category, null, Transition.NONE, Map.of(), Set.of(), false);
  }

  /**
   * Whose fields its events have, as they are learned by: the entity's, and besides those of the
   * name, when the event is more than a change of the entity.
   */
  public Set<String> subjects() {
    if (entity == null) {
      return Set.of(name.value());
    }
    return transition == Transition.NONE ? Set.of(entity, name.value()) : Set.of(entity);
  }

  /** The same, with what its events were seen to have. */
  public EventType with(Iterable<LearnedField> learned) {
    Map<String, FieldType> known = new HashMap<>(fields);
    boolean any = false;
    for (LearnedField field : learned) {
      if (subjects().contains(field.subject())) {
        known.merge(field.path(), field.type(), FieldType::widened);
        any = true;
      }
    }
    return any ? new EventType(name, category, entity, transition, known, dateFields, true) : this;
  }
}
