package dev.tocsin.rule;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is written in other languages, and what to write here: tables of words and symbols that no
 * calculation has, for the messages that refuse one. None of it is ever understood.
 */
final class Elsewhere {
  private static final String NO_COMMENTS =
      "has no meaning in a calculation, which has no comments";

  /** Symbols, longest first, of which none can stand in a calculation. */
  private static final List<Map.Entry<String, String>> SYMBOLS =
      List.of(
          Map.entry("===", "is no operator; write '=='"),
          Map.entry("!==", "is no operator; write '!='"),
          Map.entry("==~", "is no operator; write matches(text, \"pattern\")"),
          Map.entry("=>", "is no operator; write '>='"),
          Map.entry("=<", "is no operator; write '<='"),
          Map.entry("=!", "is no operator; write '!='"),
          Map.entry("=~", "is no operator; write matches(text, \"pattern\")"),
          Map.entry("<>", "is no operator; write '!='"),
          Map.entry("//", NO_COMMENTS),
          Map.entry("/*", NO_COMMENTS),
          Map.entry("#", NO_COMMENTS));

  /** By name in small letters: what stands where a value is expected. */
  private static final Map<String, String> VALUES =
      Map.ofEntries(
          Map.entry("true", meant("true")),
          Map.entry("false", meant("false")),
          Map.entry("null", meant("null")),
          Map.entry("nil", meant("null")),
          Map.entry("none", meant("null")),
          Map.entry("undefined", meant("null")),
          Map.entry("not", meant("NOT")),
          Map.entry("int", cast("int")),
          Map.entry("integer", cast("int")),
          Map.entry("short", cast("int")),
          Map.entry("byte", cast("int")),
          Map.entry("long", cast("long")),
          Map.entry("biginteger", cast("decimal")),
          Map.entry("bigdecimal", cast("decimal")),
          Map.entry("decimal", cast("decimal")),
          Map.entry("double", cast("double")),
          Map.entry("float", cast("decimal")),
          Map.entry("number", cast("decimal")),
          Map.entry("numeric", cast("decimal")),
          Map.entry("string", cast("string")),
          Map.entry("text", cast("string")),
          Map.entry("varchar", cast("string")),
          Map.entry("boolean", cast("boolean")),
          Map.entry("bool", cast("boolean")));

  /** By name in small letters: what stands where an operator is expected. */
  private static final Map<String, String> OPERATORS =
      Map.ofEntries(
          Map.entry("and", meant("AND")),
          Map.entry("or", meant("OR")),
          Map.entry("in", meant("IN")),
          Map.entry("not", "NOT stands before what it negates: NOT new.a in (1, 2)"),
          Map.entry("is", "null is asked for with == null and != null"),
          Map.entry("between", "write new.a >= 1 AND new.a <= 5"),
          Map.entry("like", "a text is searched with contains, startsWith, endsWith and matches"),
          Map.entry("ilike", "a text is searched with contains, startsWith, endsWith and matches"),
          Map.entry("equals", "write '=='"),
          Map.entry("eq", "write '=='"),
          Map.entry("ne", "write '!='"),
          Map.entry("gt", "write '>'"),
          Map.entry("ge", "write '>='"),
          Map.entry("gte", "write '>='"),
          Map.entry("lt", "write '<'"),
          Map.entry("le", "write '<='"),
          Map.entry("lte", "write '<='"),
          Map.entry("mod", "write '%'"));

  private static final List<String> SIDES = List.of("new", "old");

  private Elsewhere() {}

  /** Why no token begins at an offset where other languages have a symbol; null where none has. */
  static @Nullable String symbol(String text, int offset) {
    for (Map.Entry<String, String> symbol : SYMBOLS) {
      if (text.startsWith(symbol.getKey(), offset)) {
        return "'" + symbol.getKey() + "' " + symbol.getValue();
      }
    }
    return null;
  }

  /** Whether a word is an operator, here or elsewhere. */
  static boolean isOperator(String word) {
    return OPERATORS.containsKey(small(word));
  }

  /** What to write instead of a name, perhaps with points, that stands for no value. */
  static String value(String name) {
    String known = VALUES.get(small(name));
    if (known != null) {
      return known;
    }
    String call = FunctionNames.call(name);
    if (call != null) {
      return "a function is written with parentheses: " + call;
    }
    int point = name.indexOf('.');
    for (String side : SIDES) {
      if (point > 0 && sorted(name.substring(0, point)).equals(sorted(side))) {
        return meant(side + name.substring(point));
      }
    }
    return "fields begin with new. or old., and texts are put in quotes";
  }

  /**
   * What to write instead of a token that does not fit behind another; null if there is no idea.
   */
  static @Nullable String behind(Token previous, Token found) {
    if (previous.is("%")) {
      return "'%' is what is left of a division; 50 percent of it is new.a * 50 / 100";
    }
    if (previous.is(",")) {
      return found.is(")") || found.is("]") ? "a list does not end with a comma" : null;
    }
    return switch (found.kind()) {
      case NAME -> Infix.of(found) == null ? operator(found.text()) : null;
      case NUMBER -> number(previous);
      case SYMBOL -> symbol(previous, found);
      case TEXT, END -> null;
    };
  }

  private static @Nullable String operator(String word) {
    String known = OPERATORS.get(small(word));
    String call = FunctionNames.call(word);
    return known == null && call != null
        ? "a function stands before what it is about: " + call
        : known;
  }

  private static @Nullable String number(Token previous) {
    if (previous.is(".")) {
      return "one that begins with a digit is put in quotes";
    }
    return previous.kind() == Token.Kind.NUMBER ? "a number has no blanks in it" : null;
  }

  private static @Nullable String symbol(Token previous, Token found) {
    if (found.is("[")) {
      return "items of an array are searched with includes(array, value), and counted with"
          + " size(array)";
    }
    return found.is(",") && previous.kind() == Token.Kind.NUMBER
        ? "a list stands behind 'in', and a number has no thousands separators"
        : null;
  }

  private static String meant(String word) {
    return "did you mean '%s'?".formatted(word);
  }

  private static String cast(String type) {
    return "the cast is (%s)".formatted(type);
  }

  private static String small(String word) {
    return word.toLowerCase(Locale.ROOT);
  }

  /** The letters of a word in the order of the alphabet, which are the same when it is mistyped. */
  private static String sorted(String word) {
    char[] letters = small(word).toCharArray();
    Arrays.sort(letters);
    return new String(letters);
  }
}
