package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a field stands in a change, such as {@code new.customFields.tier}.
 *
 * <p>Its value is null when the side is unknown, when a step is missing, or when a step would lead
 * into something that is not an object.
 *
 * @param steps the names to follow, at least one
 */
record FieldPath(Side side, List<String> steps) implements Term {
  /** Which state of the entity a path reads. */
  enum Side {
    NEW,
    OLD;

    @Nullable Payload of(Change change) {
      return switch (this) {
        case NEW -> change.after();
        case OLD -> change.before();
      };
    }
  }

  FieldPath {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a path needs a step");
    }
  }

  @Override
  public @Nullable Object value(Change change) {
    Payload payload = side.of(change);
    if (payload == null) {
      return null;
    }
    Object value = payload.fields().get(steps.getFirst());
    for (int i = 1; i < steps.size(); i++) {
      if (!(value instanceof Map<?, ?> object)) {
        return null;
      }
      value = object.get(steps.get(i));
    }
    return value;
  }
}
