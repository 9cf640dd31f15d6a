package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Random changes, whose fields are named by what they mostly hold: numbers {@code n1} to {@code n4}
 * (the last a small whole one), texts {@code t1} to {@code t3} (the last spells a number), truths
 * {@code f1 f2}, dates {@code d1 d2}, arrays {@code a1 a2} and an object {@code o1}. Any may be
 * null or missing, and some hold what their name does not say.
 */
final class RandomChanges {
  private static final List<Object> NUMBERS =
      List.of(
          0L,
          1L,
          5L,
          -7L,
          1000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          new BigDecimal("0.00"),
          new BigDecimal("5.00"),
          new BigDecimal("-12.50"),
          new BigDecimal("0.333"),
          new BigDecimal("123456789012345678901234567890.5"));
  private static final List<Object> SMALL = List.of(0L, 1L, 2L, 3L, new BigDecimal("2.0"), -2L);
  private static final List<Object> TEXTS =
      List.of("", "ab", "B", "abc", " ab ", "a'\\b", "$x", "5", "x".repeat(30), "straße");
  private static final List<Object> NUMERALS = List.of("12", "-3.50", "0", "+7");
  private static final List<Object> DATES =
      List.of("2024-02-29", "2026-11-23", "2026-11-23T10:00:00Z", "2026-12-31T23:30:00.250-02:00");
  private static final List<Object> TRUTHS = List.of(true, false);
  private static final List<Object> ARRAYS =
      List.of(
          List.of(),
          List.of("ab", "B"),
          List.of(1L, new BigDecimal("5.0"), "5"),
          List.of(List.of(1L), true));

  /** Beyond what arithmetic takes; ordinary Groovy would compute with them until it is stopped. */
  private static final List<Object> HUGE =
      List.of(new BigDecimal("1e999999999"), new BigDecimal("-1e-999999999"), "y".repeat(2_000));

  private final Random random;
  private final boolean huge;

  RandomChanges(Random random, boolean huge) {
    this.random = random;
    this.huge = huge;
  }

  Change change() {
    Instant time = Instant.parse("2026-11-23T10:00:00Z").plusMillis(random.nextInt());
    return new Change(time, payload(), payload());
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private @Nullable Payload payload() {
    if (random.nextInt(12) == 0) {
      return null;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    put(fields, "n1", NUMBERS);
    put(fields, "n2", NUMBERS);
    put(fields, "n3", NUMBERS);
    put(fields, "n4", SMALL);
    put(fields, "t1", TEXTS);
    put(fields, "t2", TEXTS);
    put(fields, "t3", NUMERALS);
    put(fields, "f1", TRUTHS);
    put(fields, "f2", TRUTHS);
    put(fields, "d1", DATES);
    put(fields, "d2", DATES);
    put(fields, "a1", ARRAYS);
    put(fields, "a2", ARRAYS);
    Map<String, @Nullable Object> object = new HashMap<>();
    put(object, "n", NUMBERS);
    put(object, "t", TEXTS);
    put(fields, "o1", List.of(Collections.unmodifiableMap(object)));
    return new Payload("{}", fields);
  }

  private void put(Map<String, @Nullable Object> fields, String name, List<?> values) {
    int chance = random.nextInt(60);
    if (chance < 4) {
      fields.put(name, null);
    } else if (chance == 4) {
      fields.put(name, one(List.of(one(NUMBERS), one(TEXTS), true, one(ARRAYS))));
    } else if (chance == 5 && huge) {
      fields.put(name, one(HUGE));
    } else if (chance > 7) {
      fields.put(name, one(values));
    }
  }

  private Object one(List<?> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
