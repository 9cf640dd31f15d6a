package dev.tocsin.rule;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values as messages name them. */
public final class ShownValue {
  private static final int LENGTH_MAX = 60;

  private ShownValue() {}

  /** A text in quotes, and of anything that would be long its beginning. */
  public static String of(@Nullable Object value) {
    return switch (value) {
      case String text -> '"' + shortened(text) + '"';
      case Map<?, ?> _ -> "an object";
      case List<?> _ -> "an array";
      case null, default -> shortened(String.valueOf(value));
    };
  }

  /** The beginning of a text that is long, and {@code …}. */
  public static String shortened(String text) {
    return text.length() <= LENGTH_MAX ? text : beginning(text, LENGTH_MAX);
  }

  /** So much of a longer text, without half a character at the end, and {@code …}. */
  public static String beginning(String text, int length) {
    boolean splits = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, splits ? length - 1 : length) + "…";
  }
}
