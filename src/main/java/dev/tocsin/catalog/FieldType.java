package dev.tocsin.catalog;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a field of an entity holds, as the catalog and the API spell it.
 *
 * <p>Each type is a set of kinds of values, kept as {@link #bits}, so that what is seen of a field
 * here and there can be put together in any order: the union is the wider type.
 */
public enum FieldType {
  STRING("string", 1),
  BOOLEAN("boolean", 2),
  INT("int", 4),
  LONG("long", 8),
  DOUBLE("double", 16),
  MAP("map", 32),
  ARRAY("array", 64),
  /** A text; that it is a date, the texts themselves do not tell for sure. */
  DATE("date", 1),
  DATE_TIME("date-time", 1),
  /** Values of several kinds. */
  ANY("any", 127);

  private static final int NUMBERS = INT.bits | LONG.bits | DOUBLE.bits;

  private final String text;
  private final int bits;

  FieldType(String text, int bits) {
    this.text = text;
    this.bits = bits;
  }

  /** The type so spelled; the caller has it from our own catalog. */
  static FieldType of(String text) {
    for (FieldType type : values()) {
      if (type.text.equals(text)) {
        return type;
      }
    }
    throw new IllegalStateException("no field type is spelled " + text);
  }

  /**
   * The narrowest type of a value that a payload holds; null for none. Asked of every field of
   * every event, so the questions are in the order of how often the answer is yes.
   */
  public static @Nullable FieldType ofValue(@Nullable Object value) {
    if (value instanceof String) {
      return STRING;
    }
    if (value == null) {
      return null;
    }
    if (value instanceof Long number) {
      return number == number.intValue() ? INT : LONG;
    }
    if (value instanceof BigDecimal) {
      return DOUBLE;
    }
    if (value instanceof Boolean) {
      return BOOLEAN;
    }
    if (value instanceof Map<?, ?>) {
      return MAP;
    }
    if (value instanceof List<?>) {
      return ARRAY;
    }
    throw new IllegalStateException("no payload holds a " + value.getClass());
  }

  /** The narrowest type that has all of some kinds. */
  public static FieldType ofBits(int bits) {
    if (bits != 0 && (bits & ~NUMBERS) == 0) {
      return (bits & DOUBLE.bits) != 0 ? DOUBLE : (bits & LONG.bits) != 0 ? LONG : INT;
    }
    for (FieldType type : List.of(STRING, BOOLEAN, MAP, ARRAY)) {
      if (type.bits == bits) {
        return type;
      }
    }
    return ANY;
  }

  /** The kinds of values it has. */
  public int bits() {
    return bits;
  }

  /** The narrowest type that has the values of both. */
  FieldType widened(FieldType other) {
    return bits == other.bits ? this : ofBits(bits | other.bits);
  }

  /** What lists of fields call it: of dates they only tell that they are texts. */
  public String listed() {
    return isDate() ? STRING.text : text;
  }

  /** Whether such a field holds a date or a date with time. */
  boolean isDate() {
    return this == DATE || this == DATE_TIME;
  }
}
