package dev.tocsin.rule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Goes down into two values that are not the same, to where they begin to differ. */
final class FirstDifference {
  private final Functions functions;

  FirstDifference(Functions functions) {
    this.functions = functions;
  }

  /**
   * Where two values begin to differ.
   *
   * @return null if they are neither objects nor arrays, and if there is more in them than is
   *     compared
   */
  @Nullable Difference of(String path, @Nullable Object before, @Nullable Object after) {
    boolean structures = isStructure(before) && isStructure(after);
    try {
      return structures ? below(path, before, after) : null;
    } catch (EvaluationFailure _) {
      return null;
    }
  }

  private Difference below(String path, @Nullable Object before, @Nullable Object after) {
    if (before instanceof Map<?, ?> object && after instanceof Map<?, ?> other) {
      return inObjects(path, object, other);
    }
    if (before instanceof List<?> array && after instanceof List<?> other) {
      return inArrays(path, array, other);
    }
    return new Difference(path, before, after);
  }

  private Difference inObjects(String path, Map<?, ?> before, Map<?, ?> after) {
    for (Object name : before.keySet()) {
      String field = path + "." + FieldPath.written((String) name);
      if (!after.containsKey(name)) {
        return new Difference(field, before.get(name), null);
      }
      if (functions.differ(before.get(name), after.get(name))) {
        return below(field, before.get(name), after.get(name));
      }
    }
    for (Object name : after.keySet()) {
      if (!before.containsKey(name)) {
        return new Difference(path + "." + FieldPath.written((String) name), null, after.get(name));
      }
    }
    return new Difference(path, before, after);
  }

  private Difference inArrays(String path, List<?> before, List<?> after) {
    int both = Math.min(before.size(), after.size());
    for (int i = 0; i < both; i++) {
      if (functions.differ(before.get(i), after.get(i))) {
        return below(path + "[" + i + "]", before.get(i), after.get(i));
      }
    }
    return new Difference(
        path + "[" + both + "]",
        both < before.size() ? before.get(both) : null,
        both < after.size() ? after.get(both) : null);
  }

  private static boolean isStructure(@Nullable Object value) {
    return value instanceof Map<?, ?> || value instanceof List<?>;
  }
}
