package dev.tocsin.rule.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.Problem;
import dev.tocsin.rule.RuleId;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Which rules an event is shown to, of those that an index holds: each is known by its text, and
 * how many were evaluated tells what the index did for it.
 */
class RuleIndexTest {
  private static final Outcome.Failed ANY_FAILURE = new Outcome.Failed("");

  /** As many digits as a number in a text may have. */
  private static final String BIG = "9".repeat(100);

  private final RuleIndex<String> index = new RuleIndex<>();

  @Test
  void equality_is_decided_without_evaluating() {
    put("new.a == 5", "5 == new.a", "new.a == 6", "new.a == \"5\"", "new.b == -3");
    assertMatches("{'a':5,'b':-3.0}", 0, "new.a == 5", "5 == new.a", "new.b == -3");
    assertMatches("{'a':5.000}", 0, "new.a == 5", "5 == new.a");
    assertMatches("{'a':'5'}", 0, "new.a == \"5\"");
    assertMatches("{'a':[5],'b':{'a':5}}", 0);
  }

  @Test
  void a_rule_misses_when_it_is_computed_and_does_not_fire() {
    Misses<String> misses = new Misses<>();
    RuleIndex<String> counting = new RuleIndex<>(misses);
    for (String text :
        List.of("new.a == 5", "new.a == 6", "new.a + 0 == 5", "new.b == 1 OR new.c == 1")) {
      counting.put(id(text), text, calculation(text));
    }
    counting.matching(change("{'a':5}", "{}"));
    counting.matching(change("{'a':6,'b':1,'c':1}", "{}"));
    counting.remove(id("new.a + 0 == 5"));

    Map<String, Integer> counted = new HashMap<>();
    misses.take(counted::put);
    assertThat(counted).isEqualTo(Map.of("new.a + 0 == 5", 1));
    counted.clear();
    misses.take(counted::put);
    assertThat(counted).isEmpty();
  }

  @Test
  void lists_and_nulls_are_decided_without_evaluating() {
    put("new.a in (1, 'x', null)", "new.a == null", "new.a != null", "old.a in (1.0, 1)");
    assertMatches("{'a':1.0}", 0, "new.a in (1, 'x', null)", "new.a != null");
    assertMatches("{}", 0, "new.a in (1, 'x', null)", "new.a == null");
    assertMatches("{'a':false}", 0, "new.a != null");
  }

  @Test
  void thresholds_and_bands_are_decided_without_evaluating() {
    put("new.a >= 5", "5 < new.a", "new.a < 5", "new.a >= 5 AND new.a <= 10", "-5 >= new.a");
    put("new.a > 5 AND new.a >= 5 AND 9 > new.a AND new.a < 9.50");
    assertMatches("{'a':5}", 0, "new.a >= 5", "new.a >= 5 AND new.a <= 10");
    assertMatches("{'a':9}", 0, "new.a >= 5", "5 < new.a", "new.a >= 5 AND new.a <= 10");
    assertMatches(
        "{'a':8.999}",
        0,
        "new.a >= 5",
        "5 < new.a",
        "new.a >= 5 AND new.a <= 10",
        "new.a > 5 AND new.a >= 5 AND 9 > new.a AND new.a < 9.50");
    assertMatches("{'a':-5.0}", 0, "new.a < 5", "-5 >= new.a");
    assertMatches("{'a':'7'}", 0);
    assertMatches("{'a':1e999999999}", 0, "new.a >= 5", "5 < new.a");
  }

  @Test
  void bounds_are_exact_where_doubles_are_not() {
    put("new.a > 9007199254740992", "new.a >= 9007199254740993", "new.a < 9007199254740993.5");
    assertMatches("{'a':9007199254740992}", 0, "new.a < 9007199254740993.5");
    assertMatches(
        "{'a':9007199254740993}",
        0,
        "new.a > 9007199254740992",
        "new.a >= 9007199254740993",
        "new.a < 9007199254740993.5");
  }

  @Test
  void a_bound_that_is_only_just_missed_is_told_from_one_that_is_met() {
    put("new.a > 100", "new.a > 100.1", "new.a >= 100.1", "new.a < 100.1", "new.a <= 100.1");
    put("new.a > 0", "new.a < 0", "new.a >= 9007199254740993", "new.a > " + BIG, "new.a < -5");
    put("new.a < 100", "new.a <= 100");
    assertFires("{'a':100}", "> 0", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':100.0}", "> 0", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':100.00000000000000000001}", "> 0", "> 100", "< 100.1", "<= 100.1");
    assertFires("{'a':99.99999999999999999999}", "> 0", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':100.1}", "> 0", "> 100", ">= 100.1", "<= 100.1");
    assertFires("{'a':100.10000000000000000001}", "> 0", "> 100", "> 100.1", ">= 100.1");
    assertFires("{'a':100.09999999999999999999}", "> 0", "> 100", "< 100.1", "<= 100.1");
    assertFires("{'a':0}", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':-0.0}", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':1e-400}", "> 0", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':-1e-400}", "< 0", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':9007199254740992}", "> 0", "> 100", "> 100.1", ">= 100.1");
    assertFires("{'a':" + BIG + "}", "> 0", "> 100", "> 100.1", ">= 100.1", ">= 9007199254740993");
    assertFires(
        "{'a':1e400}", "> 0", "> 100", "> 100.1", ">= 100.1", ">= 9007199254740993", "> " + BIG);
    assertFires("{'a':-1e400}", "< 0", "< -5", "< 100", "<= 100", "< 100.1", "<= 100.1");
    assertFires("{'a':-5}", "< 0", "< 100", "<= 100", "< 100.1", "<= 100.1");
  }

  private void assertFires(String json, String... thresholds) {
    assertMatches(
        json,
        0,
        Stream.of(thresholds).map(threshold -> "new.a " + threshold).toArray(String[]::new));
  }

  @Test
  void a_threshold_that_is_crossed_is_decided_without_evaluating() {
    put(
        "old.a < 100 AND new.a >= 100",
        "old.a < 200 AND new.a >= 200",
        "new.a < 100 AND old.a > 99");
    assertThat(index.matching(change("{'a':150}", "{'a':50}")))
        .isEqualTo(new Matches<>(List.of("old.a < 100 AND new.a >= 100"), List.of(), 0));
    assertThat(index.matching(change("{'a':150}", "{'a':120}"))).isEqualTo(Matches.none());
    assertThat(index.matching(change("{'a':50}", "{'a':99.5}")).fired())
        .containsExactly("new.a < 100 AND old.a > 99");
  }

  @Test
  void equality_and_threshold_together_are_decided_without_evaluating() {
    put("new.account == 'x' AND new.a >= 5", "new.account == 'y' AND new.a >= 5");
    assertMatches("{'account':'x','a':7}", 0, "new.account == 'x' AND new.a >= 5");
    assertMatches("{'account':'x','a':4}", 0);
  }

  @Test
  void what_the_index_leaves_is_evaluated() {
    put("new.account == 'x' AND new.a * 2 >= 5", "new.a + new.b == 7", "new.a != 3");
    assertMatches(
        "{'account':'x','a':3,'b':4}",
        3,
        "new.account == 'x' AND new.a * 2 >= 5",
        "new.a + new.b == 7");
    assertMatches("{'account':'y','a':3,'b':1}", 2);
  }

  /** With other limits than these, a decimal can be too long to have its sign changed. */
  @Test
  void a_decimal_with_a_sign_is_found_and_evaluated() {
    put("new.a == -1.50", "new.a > -1.50 AND new.a < 0");
    assertMatches("{'a':-1.5}", 1, "new.a == -1.50");
    assertMatches("{'a':-1.4}", 1, "new.a > -1.50 AND new.a < 0");
    assertMatches("{'a':-1.6}", 0);
  }

  @Test
  void a_rule_found_in_two_branches_is_reported_once() {
    put("new.a == 1 OR new.b == 1 OR new.c > 1", "(new.a == 1 OR new.b == 1) AND new.c + 1 > 1");
    assertMatches(
        "{'a':1,'b':1,'c':2}",
        1,
        "new.a == 1 OR new.b == 1 OR new.c > 1",
        "(new.a == 1 OR new.b == 1) AND new.c + 1 > 1");
    assertMatches("{'a':2,'b':2,'c':1}", 0);
  }

  /** Deciding by the second branch would not notice that the first one fails. */
  @Test
  void a_branch_that_can_fail_is_evaluated_before_those_after_it() {
    put("new.flag OR new.a == 1", "new.b + 1 > 1 AND false OR new.a == 1");
    assertMatches("{'flag':true,'a':2,'b':0}", 2, "new.flag OR new.a == 1");
    Matches<String> matches = index.matching(change("{'flag':'x','a':1,'b':'x'}", "{}"));
    assertThat(matches.fired()).isEmpty();
    assertThat(matches.failed())
        .usingElementComparator((one, other) -> one.rule().compareTo(other.rule()))
        .containsExactlyInAnyOrder(
            new Matches.Failure<>("new.flag OR new.a == 1", ANY_FAILURE),
            new Matches.Failure<>("new.b + 1 > 1 AND false OR new.a == 1", ANY_FAILURE));
  }

  @Test
  void a_rule_without_calculation_fires_always_and_one_that_is_never_true_is_never_asked() {
    index.put(id(1), "always", null);
    put("false", "new.a < null", "new.a == 1 AND null > new.b", "true");
    assertMatches("{'a':1}", 0, "always", "true");
  }

  @Test
  void a_rule_takes_the_place_of_the_one_with_its_id() {
    index.put(id(3), "first", calculation("new.a >= 1"));
    index.put(id(1), "second", calculation("new.a == 5"));
    index.put(id(3), "first again", calculation("new.a >= 6 OR new.b == 1"));
    assertThat(index.size()).isEqualTo(2);
    assertMatches("{'a':5}", 0, "second");
    assertMatches("{'a':5,'b':1}", 0, "second", "first again");
  }

  /** All rules share the currency; a test of it first would show every rule to every event. */
  @Test
  void a_value_that_all_rules_ask_for_is_passed_over_for_one_that_tells_them_apart() {
    for (int i = 0; i < 100; i++) {
      put("new.currency == 'USD' AND new.account == 'a" + i + "' AND new.status != 'x'");
    }
    Matches<String> matches =
        index.matching(change("{'currency':'USD','account':'a50','status':'y'}", "{}"));
    assertThat(matches.fired())
        .containsExactly("new.currency == 'USD' AND new.account == 'a50' AND new.status != 'x'");
    assertThat(matches.evaluated()).isLessThanOrEqualTo(3);
  }

  @Test
  void nothing_is_left_of_removed_rules() {
    List<String> texts =
        List.of(
            "new.a == 1 AND new.b > 5",
            "new.a in (1, 2, null) OR old.a < 5 AND new.a >= 5",
            "new.c + 1 > 2",
            "new.a != null AND new.d <= 5 OR new.a == 1",
            "false");
    put(texts.toArray(String[]::new));
    put(texts.toArray(String[]::new));
    assertThat(index.size()).isEqualTo(5);
    for (String text : texts) {
      assertThat(index.isBare()).isFalse();
      assertThat(index.remove(id(text))).isTrue();
      assertThat(index.remove(id(text))).isFalse();
    }
    assertThat(index.isBare()).isTrue();
  }

  private void put(String... texts) {
    for (String text : texts) {
      index.put(id(text), text, calculation(text));
    }
  }

  private void assertMatches(String json, int evaluated, String... fired) {
    Matches<String> matches = index.matching(change(json, "{'a':50}"));
    assertThat(matches.fired()).containsExactlyInAnyOrder(fired);
    assertThat(matches.failed()).isEmpty();
    assertThat(matches.evaluated()).isEqualTo(evaluated);
  }

  private static RuleId id(int number) {
    return new RuleId(new UUID(1, number));
  }

  private static RuleId id(String text) {
    return new RuleId(new UUID(2, text.hashCode()));
  }

  static Calculation calculation(String text) {
    return switch (Calculations.parse(text, CalculationLimits.DEFAULTS)) {
      case Parsed.Valid(Calculation calculation) -> calculation;
      case Parsed.Invalid(List<Problem> problems) -> throw new AssertionError(text + problems);
    };
  }

  private static Change change(String after, String before) {
    try {
      return new Change(
          Instant.EPOCH,
          JsonValues.payload(after.replace('\'', '"')),
          JsonValues.payload(before.replace('\'', '"')));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
