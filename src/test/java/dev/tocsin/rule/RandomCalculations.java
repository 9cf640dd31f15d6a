package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Texts that mostly mean something, and changes with values that are hard to bear. */
public final class RandomCalculations {
  private static final List<String> FIELDS = List.of("a", "b", "c", "d", "missing");
  private static final List<Object> VALUES =
      List.of(
          0L,
          1L,
          -1L,
          7L,
          1000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          new BigDecimal("0.00"),
          new BigDecimal("0.1"),
          new BigDecimal("-12.50"),
          new BigDecimal("1e3"),
          new BigDecimal("1e999999999"),
          new BigDecimal("-1e-999999999"),
          new BigDecimal("0e2147483647"),
          new BigDecimal(BigInteger.TEN, Integer.MIN_VALUE),
          new BigDecimal(BigInteger.TEN, Integer.MAX_VALUE),
          new BigDecimal("9".repeat(100)),
          new BigDecimal("0." + "3".repeat(98)),
          "",
          "5",
          "a text",
          "x".repeat(4_000),
          "\uD800",
          true,
          false,
          List.of(1L, "a"),
          Map.of("a", 1L));

  private RandomCalculations() {}

  /** What is true or false of a change, of parts nested so deep. */
  public static String condition(Random random, int depth) {
    if (depth == 0) {
      return one(List.of("true", "false", field(random)), random);
    }
    return switch (random.nextInt(9)) {
      case 0 -> condition(random, depth - 1) + " AND " + condition(random, depth - 1);
      case 1 -> "(" + condition(random, depth - 1) + " OR " + condition(random, depth - 1) + ")";
      case 2 -> "NOT (" + condition(random, depth - 1) + ")";
      case 3 -> "(" + choice(random, depth) + ")";
      case 4 -> term(random, depth - 1) + " in (" + term(random, 0) + ", " + literal(random) + ")";
      case 5 -> field(random) + relation(random) + literal(random);
      case 6 -> literal(random) + relation(random) + field(random);
      default -> term(random, depth - 1) + relation(random) + term(random, depth - 1);
    };
  }

  private static String choice(Random random, int depth) {
    return condition(random, depth - 1)
        + " ? "
        + condition(random, depth - 1)
        + " : "
        + condition(random, depth - 1);
  }

  private static String term(Random random, int depth) {
    if (depth == 0) {
      return random.nextInt(4) == 0 ? literal(random) : field(random);
    }
    return switch (random.nextInt(5)) {
      case 0 -> field(random);
      case 1 -> "-(" + field(random) + ")";
      case 2 -> "(" + field(random) + " ?: " + term(random, depth - 1) + ")";
      default ->
          "("
              + term(random, depth - 1)
              + one(List.of(" + ", " - ", " * ", " / ", " % ", " ^ "), random)
              + (random.nextBoolean() ? field(random) : number(random))
              + ")";
    };
  }

  private static String relation(Random random) {
    return one(List.of(" == ", " != ", " < ", " <= ", " > ", " >= "), random);
  }

  private static String literal(Random random) {
    return random.nextInt(3) == 0
        ? one(List.of("null", "true", "\"5\"", "'a text'"), random)
        : number(random);
  }

  private static String number(Random random) {
    return one(List.of("0", "1", "2", "3.50", "1000", "9223372036854775807", "0.000001"), random);
  }

  private static String field(Random random) {
    return (random.nextBoolean() ? "new." : "old.") + one(FIELDS, random);
  }

  /** A change of four fields. */
  public static Change change(Random random) {
    return new Change(Instant.EPOCH, payload(random), payload(random));
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private static @Nullable Payload payload(Random random) {
    if (random.nextInt(10) == 0) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    for (String name : FIELDS.subList(0, 4)) {
      fields.put(name, random.nextInt(10) == 0 ? null : one(VALUES, random));
    }
    return new Payload("{}", fields);
  }

  private static <T> T one(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
