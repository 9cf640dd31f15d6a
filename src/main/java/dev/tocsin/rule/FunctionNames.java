package dev.tocsin.rule;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The names of functions, and what may be meant by others. */
final class FunctionNames {
  /** By name in small letters, without what stands before the last point. */
  private static final Map<String, String> NAMES =
      Stream.concat(
              Arrays.stream(Function.values()).map(Function::spelling),
              Stream.of("isnull", "IN", "Math.pow", "changed", "matches"))
          .filter(name -> !name.startsWith("("))
          .collect(Collectors.toUnmodifiableMap(FunctionNames::key, name -> name));

  /** What other languages call the same. */
  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("tolowercase", "lower"),
          Map.entry("lowercase", "lower"),
          Map.entry("touppercase", "upper"),
          Map.entry("uppercase", "upper"),
          Map.entry("strip", "trim"),
          Map.entry("len", "length"),
          Map.entry("count", "size"),
          Map.entry("indexof", "contains"),
          Map.entry("regex", "matches"),
          Map.entry("coalesce", "isnull"),
          Map.entry("ifnull", "isnull"),
          Map.entry("nvl", "isnull"),
          Map.entry("today", "now"),
          Map.entry("datediff", "daysBetween"),
          Map.entry("adddays", "plusDays"),
          Map.entry("weekday", "dayOfWeek"));

  private FunctionNames() {}

  /** Refuses a name that no function has. */
  static void require(String name, Position at) {
    if (!name.equals("in") && !name.equals(NAMES.get(key(name)))) {
      Token whole = Token.of(Token.Kind.NAME, name, at);
      throw new Refusal(at, "unknown function " + whole.shown() + suggestion(name));
    }
  }

  /** How a function of this name is called; null when there is none. */
  static @Nullable String call(String name) {
    if (!name.equals(NAMES.get(key(name)))) {
      return null;
    }
    return name.equals(Function.NOW.spelling()) ? name + "()" : name + "(...)";
  }

  private static String suggestion(String name) {
    String key = key(name);
    @Nullable String meant = NAMES.containsKey(key) ? NAMES.get(key) : ELSEWHERE.get(key);
    return meant == null ? "" : "; did you mean '%s'?".formatted(meant);
  }

  private static String key(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
