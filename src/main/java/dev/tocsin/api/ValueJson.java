package dev.tocsin.api;

import dev.tocsin.rule.ShownValue;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes what a part of a calculation came to as {@code kind} and {@code value}. What can be long
 * is shortened: of a text its beginning is shown, and its length; of an object or an array how many
 * fields or items it has, and the first of them.
 */
final class ValueJson {
  private static final int ITEM_LENGTH_MAX = 60;

  private ValueJson() {}

  /** Appends a value as members of an object. */
  static void append(JsonText out, @Nullable Object value, ExplanationLimits limits) {
    append(out, value, limits.textMax());
    switch (value) {
      case Map<?, ?> object -> appendFields(out, object, limits.itemsMax());
      case List<?> array -> appendItems(out, array, limits.itemsMax());
      case null, default -> {}
    }
  }

  /** The same of a value in another, which is shortened more, and of which no items are shown. */
  static void appendItem(JsonText out, @Nullable Object value) {
    append(out, value, ITEM_LENGTH_MAX);
  }

  private static void append(JsonText out, @Nullable Object value, int lengthMax) {
    switch (value) {
      case null -> out.text("kind", "null").raw("value", "null");
      case Boolean truth -> out.text("kind", "boolean").flag("value", truth);
      case Number number -> out.text("kind", "number").raw("value", number.toString());
      case String text -> append(out.text("kind", "text"), text, lengthMax);
      case Map<?, ?> object -> out.text("kind", "object").number("size", object.size());
      case List<?> array -> out.text("kind", "array").number("size", array.size());
      default -> throw new IllegalStateException("no value of a calculation: " + value.getClass());
    }
  }

  private static void append(JsonText out, String text, int lengthMax) {
    if (text.length() <= lengthMax) {
      out.text("value", text);
      return;
    }
    out.text("value", ShownValue.beginning(text, lengthMax)).number("length", text.length());
  }

  private static void appendFields(JsonText out, Map<?, ?> object, int most) {
    out.openArray("fields");
    object.entrySet().stream()
        .limit(most)
        .forEach(field -> {
          out.open().text("name", ShownValue.shortened((String) field.getKey()));
          appendItem(out, field.getValue());
          out.close();
        });
    out.closeArray();
  }

  private static void appendItems(JsonText out, List<?> array, int most) {
    out.openArray("items");
    array.stream()
        .limit(most)
        .forEach(item -> {
          appendItem(out.open(), item);
          out.close();
        });
    out.closeArray();
  }
}
