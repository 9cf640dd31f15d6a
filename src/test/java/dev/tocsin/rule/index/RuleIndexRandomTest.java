package dev.tocsin.rule.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.RandomCalculations;
import dev.tocsin.rule.RuleId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An index finds what showing an event to every rule finds, whatever the rules, the events, and the
 * rules that come and go between them; each seed repeats its run.
 */
class RuleIndexRandomTest {
  private static final int CHANGES = 10_000;
  private static final int IDS = 150;
  private static final List<String> FIELDS =
      List.of("new.a", "new.b", "new.c", "old.a", "old.b", "new.d.a", "new.missing");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "7",
          "7.00",
          "1000",
          "1000.0",
          "0.1",
          "0.10",
          "-12.5",
          "-(-12.5)",
          "+7",
          "9223372036854775807",
          "9223372036854775807.5",
          "-9223372036854775808",
          "0." + "3".repeat(98),
          "9".repeat(100));
  private static final List<String> OTHERS =
      List.of("null", "true", "false", "\"5\"", "'a text'", "''");

  private final RuleIndex<Integer> index = new RuleIndex<>();
  private final Map<Integer, @Nullable Calculation> all = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void an_index_finds_what_asking_every_rule_finds(long seed) {
    compare(new Random(seed), random -> condition(random, 2));
  }

  /** So many that they make trees. */
  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void an_index_finds_among_windows_what_asking_every_rule_finds(long seed) {
    compare(new Random(seed), RuleIndexRandomTest::window);
  }

  private void compare(Random random, Function<Random, String> texts) {
    long asked = 0;
    long evaluated = 0;
    long fired = 0;
    for (int i = 0; i < CHANGES; i++) {
      change(random, texts);
      Change event = RandomCalculations.change(random);
      Matches<Integer> matches = index.matching(event);
      assertThat(matches.sorted(Comparator.naturalOrder()).fired())
          .as("event %s: %s", i, event)
          .isEqualTo(askEvery(event));
      assertThat(matches.failed())
          .as("failures on event %s: %s", i, event)
          .doesNotHaveDuplicates()
          .isSubsetOf(failuresOfEvery(event));
      asked += all.size();
      evaluated += matches.evaluated();
      fired += matches.fired().size();
    }
    assertThat(fired).as("rules that fired").isGreaterThan(CHANGES);
    assertThat(evaluated).as("rules evaluated, of those there were").isLessThan(asked / 2);
    all.keySet().forEach(number -> assertThat(index.remove(id(number))).isTrue());
    assertThat(index.isBare()).isTrue();
  }

  /** Puts a rule in, replaces one, or takes one out. */
  private void change(Random random, Function<Random, String> texts) {
    int number = random.nextInt(IDS);
    if (random.nextInt(5) < 2) {
      assertThat(index.remove(id(number))).isEqualTo(all.containsKey(number));
      all.remove(number);
      return;
    }
    Calculation calculation = random.nextInt(50) == 0 ? null : calculation(random, texts);
    index.put(id(number), number, calculation);
    all.put(number, calculation);
  }

  private List<Integer> askEvery(Change event) {
    return all.entrySet().stream()
        .filter(rule ->
            rule.getValue() == null || rule.getValue().evaluate(event) instanceof Outcome.Fires)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The index may keep an event from a rule that would fail on it, and adds no failure. */
  private List<Matches.Failure<Integer>> failuresOfEvery(Change event) {
    List<Matches.Failure<Integer>> failures = new ArrayList<>();
    all.forEach((number, calculation) -> {
      if (calculation != null && calculation.evaluate(event) instanceof Outcome.Failed failed) {
        failures.add(new Matches.Failure<>(number, failed));
      }
    });
    return failures;
  }

  private static Calculation calculation(Random random, Function<Random, String> texts) {
    while (true) {
      String text = texts.apply(random);
      if (Calculations.parse(text, CalculationLimits.DEFAULTS)
          instanceof Parsed.Valid(Calculation calculation)) {
        return calculation;
      }
    }
  }

  private static String condition(Random random, int depth) {
    return switch (depth == 0 ? 9 : random.nextInt(10)) {
      case 0, 1, 2 -> condition(random, depth - 1) + " AND " + condition(random, depth - 1);
      case 3, 4 -> "(" + condition(random, depth - 1) + " OR " + condition(random, depth - 1) + ")";
      case 5 -> "NOT (" + condition(random, depth - 1) + ")";
      case 6 -> RandomCalculations.condition(random, 2);
      default -> test(random);
    };
  }

  private static String test(Random random) {
    String field = one(FIELDS, random);
    return switch (random.nextInt(10)) {
      case 0, 1 -> field + " == " + value(random);
      case 2 -> value(random) + " == " + field;
      case 3 -> field + " in (" + value(random) + ", " + value(random) + ", " + value(random) + ")";
      case 4 -> field + " != " + (random.nextBoolean() ? "null" : value(random));
      case 5, 6 -> field + order(random) + value(random);
      case 7 -> number(random) + order(random) + field;
      case 8 -> crossing(random);
      default -> one(List.of("true", "false", field), random);
    };
  }

  private static String window(Random random) {
    return random.nextBoolean() ? crossing(random) : "new.a" + order(random) + number(random);
  }

  private static String crossing(Random random) {
    String threshold = number(random);
    return random.nextBoolean()
        ? "old.a < " + threshold + " AND new.a >= " + threshold
        : "new.a > " + threshold + " AND new.a <= " + number(random);
  }

  private static String value(Random random) {
    return random.nextInt(3) == 0 ? one(OTHERS, random) : number(random);
  }

  private static String number(Random random) {
    return one(NUMBERS, random);
  }

  private static String order(Random random) {
    return one(List.of(" < ", " <= ", " > ", " >= "), random);
  }

  private static RuleId id(int number) {
    return new RuleId(new UUID(1, number));
  }

  private static <T> T one(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
