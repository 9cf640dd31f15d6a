package dev.tocsin.rule;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a value that is not null can be. */
enum Kind {
  BOOLEAN("true or false"),
  NUMBER("a number"),
  TEXT("a text"),
  OBJECT("an object"),
  ARRAY("an array");

  /** What a field can be, so far as its path tells. */
  static final Set<Kind> ANY = Set.copyOf(EnumSet.allOf(Kind.class));

  private final String words;

  Kind(String words) {
    this.words = words;
  }

  /** How messages call such a value, with its article. */
  String words() {
    return words;
  }

  /** How messages call values of several kinds. */
  static String words(Set<Kind> kinds) {
    return String.join(" or ", kinds.stream().sorted().map(Kind::words).toList());
  }

  static Kind of(Object value) {
    return switch (value) {
      case Boolean _ -> BOOLEAN;
      case Long _ -> NUMBER;
      case BigDecimal _ -> NUMBER;
      case String _ -> TEXT;
      case Map<?, ?> _ -> OBJECT;
      case List<?> _ -> ARRAY;
      default -> throw new IllegalStateException("no payload holds a " + value.getClass());
    };
  }

  static Set<Kind> union(Set<Kind> some, Set<Kind> others) {
    if (some.equals(others)) {
      return some;
    }
    EnumSet<Kind> all = EnumSet.noneOf(Kind.class);
    all.addAll(some);
    all.addAll(others);
    return Set.copyOf(all);
  }
}
