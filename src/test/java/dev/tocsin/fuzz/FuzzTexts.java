package dev.tocsin.fuzz;

import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Texts for the tokenizer and the parser, one for each seed: random characters, random tokens,
 * calculations that make sense, and the mutants of such and of given texts.
 */
final class FuzzTexts {
  private static final int LENGTH_MAX = 30_000;
  private static final int SHORT = 500;
  private static final int DEPTH = 5;
  private static final List<String> RELATIONS = List.of(" == ", " != ", " < ", "<=", " > ", " >= ");
  private static final List<String> JOINTS =
      List.of(" AND ", " OR ", "&&", "||", " and ", " or ", " ?: ");
  private static final List<String> OPERATIONS = List.of(" + ", " - ", "*", "/", "%", "^", "**");
  private static final List<String> NUMBERS =
      List.of(
          "new.a",
          "old.a",
          "new.b.c",
          "new?.a?.b",
          "old.'a b'",
          "0",
          "1",
          "90",
          "2.50",
          "1000",
          "9223372036854775807",
          "99999999999999999999");
  private static final List<String> VALUES =
      List.of(
          "new.a",
          "old.a",
          "new.b.c",
          "new?.a?.b",
          "new.'a b'",
          "old.amount",
          "true",
          "false",
          "null",
          "0",
          "1",
          "90",
          "2.50",
          "9223372036854775807",
          "99999999999999999999",
          "'x'",
          "\"y\"",
          "''",
          "'\\u00e4\\n'");
  private static final List<String> PIECES =
      List.of(
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          ",",
          ".",
          "..",
          "?.",
          "?",
          ":",
          "!",
          "NOT ",
          "not ",
          "-",
          "+",
          "--",
          "=",
          "=~",
          "->",
          "<=>",
          "@",
          "$",
          "${",
          "#",
          "`",
          "~",
          "\\",
          "\\u",
          "\\u0041",
          "'",
          "\"",
          "'''",
          "\"\"\"",
          "/",
          "//",
          "/*",
          ";",
          "\n",
          "\r\n",
          "\r",
          "\t",
          " ",
          "new",
          "old",
          "new.",
          "IN",
          "Math.max(",
          "isnull(",
          "matches(",
          "(int)",
          "(string) ",
          "now()",
          "changed(",
          "1e9",
          "0x1",
          "1_0",
          "007",
          "1.",
          ".5",
          "class",
          "import ",
          "as ",
          "\u00e9",
          "\u0435",
          "\u200b",
          "\u202e",
          "\ufeff",
          "\u2028",
          "\u0000",
          "\ud800",
          "\udc00",
          "\ud83d\ude00",
          "\u00a0",
          "\u3164");

  private final List<String> brief;
  private final List<String> all;

  /** Makes mutants of these texts, mostly of the short ones. */
  FuzzTexts(List<String> originals) {
    all = List.copyOf(originals);
    brief = originals.stream().filter(text -> text.length() <= SHORT).toList();
  }

  /** The text of a seed, always the same. */
  String text(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    String text =
        switch (random.nextInt(10)) {
          case 0 -> characters(random);
          case 1 -> tokens(random);
          case 2 -> condition(random, random.nextInt(1, DEPTH));
          case 3, 4, 5 -> mutated(condition(random, random.nextInt(1, DEPTH)), random);
          default -> mutated(original(random), random);
        };
    return text.length() <= LENGTH_MAX ? text : text.substring(0, LENGTH_MAX);
  }

  private String original(RandomGenerator random) {
    return one(random.nextInt(100) == 0 ? all : brief, random);
  }

  private static String characters(RandomGenerator random) {
    int bound = one(List.of(128, 256, 0x10000), random);
    StringBuilder text = new StringBuilder();
    IntStream.range(0, random.nextInt(1, 60))
        .forEach(_ -> text.append((char) random.nextInt(bound)));
    return text.toString();
  }

  private static String tokens(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, random.nextInt(1, 40)).forEach(_ -> text.append(piece(random)));
    return text.toString();
  }

  private static String piece(RandomGenerator random) {
    return one(one(List.of(PIECES, VALUES, RELATIONS, JOINTS, OPERATIONS), random), random);
  }

  private static String condition(RandomGenerator random, int depth) {
    if (depth == 0) {
      return one(List.of("true", "false", "new.yes", "old.b.c"), random);
    }
    String first = condition(random, depth - 1);
    return switch (random.nextInt(8)) {
      case 0 -> "(" + first + one(JOINTS, random) + condition(random, depth - 1) + ")";
      case 1 -> first + one(JOINTS, random) + condition(random, depth - 1);
      case 2 -> one(List.of("NOT (", "!(", "not ("), random) + first + ")";
      case 3 -> "(" + first + " ? " + condition(random, depth - 1) + " : " + first + ")";
      case 4 ->
          term(random, depth - 1) + " in (" + one(VALUES, random) + ", " + term(random, 1) + ")";
      default -> term(random, depth - 1) + one(RELATIONS, random) + term(random, depth - 1);
    };
  }

  private static String term(RandomGenerator random, int depth) {
    if (depth == 0 || random.nextInt(4) == 0) {
      return one(VALUES, random);
    }
    String first = one(NUMBERS, random);
    return switch (random.nextInt(6)) {
      case 0 -> "- " + first;
      case 1 -> "(" + first + " ?: " + term(random, depth - 1) + ")";
      case 2 -> "(" + condition(random, depth - 1) + " ? " + first + " : " + term(random, 0) + ")";
      default -> "(" + first + one(OPERATIONS, random) + one(NUMBERS, random) + ")";
    };
  }

  private String mutated(String original, RandomGenerator random) {
    String text = original;
    for (int times = random.nextInt(1, one(List.of(2, 2, 5), random)); times > 0; times--) {
      text = mutatedOnce(text, random);
    }
    return text;
  }

  private String mutatedOnce(String text, RandomGenerator random) {
    int from = random.nextInt(text.length() + 1);
    int to =
        Math.min(text.length(), from + random.nextInt(1 + Math.min(20, text.length() - from + 1)));
    String head = text.substring(0, from);
    String slice = text.substring(from, to);
    String tail = text.substring(to);
    return switch (random.nextInt(9)) {
      case 0 -> head + tail;
      case 1 -> head + slice + slice + tail;
      case 2 -> head + piece(random) + tail;
      case 3 -> head + slice + piece(random) + tail;
      case 4 -> head + (char) random.nextInt(0x250) + tail;
      case 5 -> tail + slice + head;
      case 6 -> head + original(random) + tail;
      case 7 -> "(".repeat(random.nextInt(60)) + text + ")".repeat(random.nextInt(60));
      default -> head + slice.repeat(repetitions(slice, text, random)) + tail;
    };
  }

  /** Mostly few, sometimes as many as reach the limit of a text's length. */
  private static int repetitions(String slice, String text, RandomGenerator random) {
    int most = (LENGTH_MAX - Math.min(LENGTH_MAX, text.length())) / Math.max(1, slice.length());
    return random.nextInt(50) == 0 ? most : Math.min(most, random.nextInt(60));
  }

  private static <T> T one(List<T> choices, RandomGenerator random) {
    return Objects.requireNonNull(choices.get(random.nextInt(choices.size())));
  }
}
