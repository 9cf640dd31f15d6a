package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The constants of a Groovy class while it is printed: each gets a name, equal ones the same. */
final class GroovyConstants {
  /** What a constant is for the class: its type there, and the method it is handed over by. */
  enum Slot {
    VALUE("Object", "value"),
    TEXT("String", "text"),
    WHOLE("Whole", "whole"),
    SET("ConstantSet", "set"),
    PATTERN("TextPattern", "pattern"),
    CONDITION("Condition", "condition"),
    COMPARISON("Comparison", "comparison"),
    ARITHMETIC("Arithmetic", "arithmetic"),
    FUNCTIONS("Functions", "functions"),
    UNARY("Functions.Unary", "unary"),
    BINARY("Functions.Binary", "binary"),
    OF_CHANGE("Functions.OfChange", "ofChange");

    private final String name;
    private final String method;

    Slot(String name, String method) {
      this.name = name;
      this.method = method;
    }
  }

  private record Constant(Slot slot, @Nullable Object value) {}

  private final Map<Constant, String> names = new LinkedHashMap<>();

  /** The name of a constant; made by us of nothing but its number. */
  String name(Slot slot, @Nullable Object value) {
    return names.computeIfAbsent(new Constant(slot, value), _ -> "C" + names.size());
  }

  /** The fields that keep the constants, in Groovy. */
  String declarations() {
    StringBuilder declarations =
        new StringBuilder(
            "  private static final Constants GIVEN = Constants.of(MethodHandles.lookup())\n");
    int index = 0;
    for (Map.Entry<Constant, String> entry : names.entrySet()) {
      Slot slot = entry.getKey().slot();
      declarations.append(
          "  private static final %s %s = GIVEN.%s(%d)\n"
              .formatted(slot.name, entry.getValue(), slot.method, index++));
    }
    return declarations.toString();
  }

  /** Their values, in the same order. */
  Constants values() {
    List<@Nullable Object> values = new ArrayList<>();
    names.keySet().forEach(constant -> values.add(constant.value()));
    return new Constants(values);
  }
}
