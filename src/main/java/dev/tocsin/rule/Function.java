package dev.tocsin.rule;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The functions of the language that compute a value of their arguments' values. {@link Functions}
 * says what each means. All give null when an argument is null.
 *
 * <p>Those from {@code Math} are m3ter's, by m3ter's names; the others are ours. What is written
 * like a function and is none of these, such as {@code isnull}, {@link TreeBuilder} makes other
 * nodes of.
 *
 * <p>A weight is how many nodes of the limit a call counts as, like an {@linkplain Operation
 * operation's}.
 */
enum Function {
  MAX("Math.max", Kind.NUMBER, 4, Arity.TWO_OR_MORE, Taken.NUMBER),
  MIN("Math.min", Kind.NUMBER, 4, Arity.TWO_OR_MORE, Taken.NUMBER),
  FLOOR("Math.floor", Kind.NUMBER, 20, Arity.ONE_OR_TWO, Taken.NUMBER),
  CEIL("Math.ceil", Kind.NUMBER, 20, Arity.ONE_OR_TWO, Taken.NUMBER),
  ROUND("Math.round", Kind.NUMBER, 20, Arity.ONE_OR_TWO, Taken.NUMBER),
  ABS("Math.abs", Kind.NUMBER, 4, Arity.ONE, Taken.NUMBER),

  TO_INT("(int)", Kind.NUMBER, 10, Arity.ONE, Taken.PLAIN),
  TO_LONG("(long)", Kind.NUMBER, 10, Arity.ONE, Taken.PLAIN),
  TO_DOUBLE("(double)", Kind.NUMBER, 10, Arity.ONE, Taken.PLAIN),
  TO_DECIMAL("(decimal)", Kind.NUMBER, 10, Arity.ONE, Taken.PLAIN),
  TO_TEXT("(string)", Kind.TEXT, 10, Arity.ONE, Taken.PLAIN),
  TO_BOOLEAN("(boolean)", Kind.BOOLEAN, 4, Arity.ONE, Taken.PLAIN),

  LOWER("lower", Kind.TEXT, 100, Arity.ONE, Taken.TEXT),
  UPPER("upper", Kind.TEXT, 100, Arity.ONE, Taken.TEXT),
  TRIM("trim", Kind.TEXT, 4, Arity.ONE, Taken.TEXT),
  LENGTH("length", Kind.NUMBER, 20, Arity.ONE, Taken.TEXT),
  CONTAINS("contains", Kind.BOOLEAN, 40, Arity.TWO, Taken.TEXT),
  STARTS_WITH("startsWith", Kind.BOOLEAN, 4, Arity.TWO, Taken.TEXT),
  ENDS_WITH("endsWith", Kind.BOOLEAN, 4, Arity.TWO, Taken.TEXT),

  SIZE("size", Kind.NUMBER, 1, Arity.ONE, Taken.ARRAY),
  INCLUDES("includes", Kind.BOOLEAN, 150, Arity.TWO, Taken.ARRAY, Taken.ANY),

  DATE("date", Kind.TEXT, 20, Arity.ONE, Taken.TEXT),
  DAYS_BETWEEN("daysBetween", Kind.NUMBER, 20, Arity.TWO, Taken.TEXT),
  PLUS_DAYS("plusDays", Kind.TEXT, 20, Arity.TWO, Taken.TEXT, Taken.NUMBER),
  DAY_OF_WEEK("dayOfWeek", Kind.NUMBER, 20, Arity.ONE, Taken.TEXT),
  YEAR("year", Kind.NUMBER, 20, Arity.ONE, Taken.TEXT),
  MONTH("month", Kind.NUMBER, 20, Arity.ONE, Taken.TEXT),
  DAY("day", Kind.NUMBER, 20, Arity.ONE, Taken.TEXT),
  NOW("now", Kind.TEXT, 20, Arity.NONE);

  /** How many arguments a function takes. */
  record Arity(int min, int max) {
    static final Arity NONE = new Arity(0, 0);
    static final Arity ONE = new Arity(1, 1);
    static final Arity TWO = new Arity(2, 2);
    static final Arity ONE_OR_TWO = new Arity(1, 2);

    /** What bounds their number is the limit of nodes. */
    static final Arity TWO_OR_MORE = new Arity(2, Integer.MAX_VALUE);

    boolean takes(int arguments) {
      return arguments >= min && arguments <= max;
    }

    /** As a message calls it. */
    String words() {
      if (max == Integer.MAX_VALUE) {
        return counted(min) + " or more";
      }
      return min == max ? counted(max) : min + " or " + counted(max);
    }

    private static String counted(int arguments) {
      return switch (arguments) {
        case 0 -> "no arguments";
        case 1 -> "1 argument";
        default -> arguments + " arguments";
      };
    }
  }

  /** What kinds of values an argument may have. */
  private enum Taken {
    NUMBER(Kind.NUMBER),
    TEXT(Kind.TEXT),
    ARRAY(Kind.ARRAY),
    PLAIN(Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN),
    ANY(Kind.values());

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable copy
    private final Set<Kind> kinds;

    Taken(Kind... kinds) {
      this.kinds = Set.copyOf(EnumSet.copyOf(List.of(kinds)));
    }
  }

  private static final Map<String, Function> BY_SPELLING =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Function::spelling, UnaryOperator.identity()));

  private final String spelling;
  private final Kind result;
  private final int weight;

  @SuppressWarnings("ImmutableEnumChecker") // a record of two numbers
  private final Arity arity;

  @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable copy
  private final List<Taken> taken;

  Function(String spelling, Kind result, int weight, Arity arity, Taken... taken) {
    this.spelling = spelling;
    this.result = result;
    this.weight = weight;
    this.arity = arity;
    this.taken = List.of(taken);
  }

  /** The function that a name or a cast calls. */
  static Function of(String spelling) {
    return Objects.requireNonNull(BY_SPELLING.get(spelling), spelling);
  }

  /** How it is written; a cast with its parentheses. */
  String spelling() {
    return spelling;
  }

  /** What it gives, unless it gives null. */
  Kind result() {
    return result;
  }

  int weight() {
    return weight;
  }

  Arity arity() {
    return arity;
  }

  /** What kinds an argument may have, counted from 0; the last said goes on for all that follow. */
  Set<Kind> taken(int argument) {
    return taken.get(Math.min(argument, taken.size() - 1)).kinds;
  }
}
