package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where a field stands in a change, such as {@code new.customFields.tier}.
 *
 * <p>Its value is null when the side is unknown, when a step is missing, or when a step would lead
 * into something that is not an object.
 *
 * @param steps the names to follow, at least one
 */
public record FieldPath(Side side, List<String> steps) implements Term {
  private static final Pattern PLAIN_STEP = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  /** Which state of the entity a path reads. */
  public enum Side {
    NEW,
    OLD;

    @Nullable Payload of(Change change) {
      return switch (this) {
        case NEW -> change.after();
        case OLD -> change.before();
      };
    }
  }

  public FieldPath {
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
    return steps.size() == 1 ? value : below(value);
  }

  /** Apart, so that the method above, which mostly has one step to do, stays small to the JIT. */
  private @Nullable Object below(@Nullable Object first) {
    Object value = first;
    for (int i = 1; i < steps.size(); i++) {
      value = step(value, steps.get(i));
    }
    return value;
  }

  /** The steps as an author would write them, with points between them. */
  String written() {
    return steps.stream().map(FieldPath::written).collect(Collectors.joining("."));
  }

  /** A step as an author would write it, with quotes if it needs them. */
  static String written(String step) {
    return PLAIN_STEP.matcher(step).matches()
        ? step
        : '"' + step.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  /** The fields of a state; none if it is unknown. */
  static Map<String, @Nullable Object> fields(@Nullable Payload state) {
    return state == null ? Map.of() : state.fields();
  }

  /** A field of a value; null if that is no object. */
  static @Nullable Object step(@Nullable Object value, String name) {
    return value instanceof Map<?, ?> object ? object.get(name) : null;
  }
}
