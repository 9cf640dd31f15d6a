package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplanationTest {
  private static final int RANDOM_CALCULATIONS = 5_000;

  static Stream<CalculationCase> cases() {
    return CalculationCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void an_explanation_comes_to_what_the_evaluation_does(CalculationCase one) {
    if (Calculations.parse(one.calculation(), CalculationLimits.DEFAULTS)
        instanceof Parsed.Valid(ParsedCalculation calculation)) {
      agrees(calculation, one.change());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void an_explanation_comes_to_what_the_evaluation_does_whatever_the_calculation(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < RANDOM_CALCULATIONS; i++) {
      if (Calculations.parse(RandomCalculations.condition(random, 4), CalculationLimits.DEFAULTS)
          instanceof Parsed.Valid(ParsedCalculation calculation)) {
        agrees(calculation, RandomCalculations.change(random));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 8, 9})
  void an_explanation_comes_to_what_the_evaluation_does_whatever_the_functions(long seed) {
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    RandomChanges changes = new RandomChanges(random, true);
    for (int i = 0; i < RANDOM_CALCULATIONS; i++) {
      if (Calculations.parse(expressions.condition(3), CalculationLimits.DEFAULTS)
          instanceof Parsed.Valid(ParsedCalculation calculation)) {
        agrees(calculation, changes.change());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Math.max(1, new.text, 1 / 0) > 0",
        "Math.max(1, 1 / 0, new.text) > 0",
        "Math.min(new.none, new.text, 1 / 0) > 0",
        "Math.min(3, new.one, 2) == 1",
        "contains(new.none, (string) (1 / 0))",
        "includes(new.list, new.list)",
        "new.list in (1, new.list, 1 / 0)",
        "1 in (1, 1 / 0)",
        "changed(new.list)",
        "matches(new.one, 'a')",
        "now() == '1970-01-01T00:00:00.000Z'",
        "new.one",
        "new.one ?: 1 / 0",
        "new.none ?: new.text",
        "new.text ? true : false"
      })
  void what_is_computed_and_in_which_order_is_the_same(String text) {
    agrees(
        calculation(text), change("{\"one\":1,\"text\":\"t\",\"list\":[[1]]}", "{\"list\":[2]}"));
  }

  private static void agrees(ParsedCalculation calculation, Change change) {
    Explanation explanation = calculation.explain(change);

    assertThat(explanation.outcome())
        .as(calculation.text())
        .isEqualTo(calculation.evaluate(change));
    assertThat(explanation.misses().isEmpty())
        .as(calculation.text())
        .isEqualTo(!(explanation.outcome() instanceof Outcome.DoesNotFire));
    assertThat(explanation.trace().finding() instanceof Finding.Skipped).isFalse();
  }

  @Test
  void a_branch_that_fails_before_the_one_that_is_true_is_missing_too() {
    String text = "new.a == 1 AND (10 / new.zero > 1 OR new.b == 2)";
    Change change = change("{\"a\":0,\"zero\":0,\"b\":2}", "{}");

    assertThat(calculation(text).explain(change).misses())
        .extracting(miss -> miss.condition().text())
        .containsExactly("new.a == 1", "10 / new.zero > 1");
    assertThat(
            calculation("new.a == 1 AND NOT (10 / new.zero > 1 AND new.b == 3)")
                .explain(change)
                .misses())
        .extracting(miss -> miss.condition().text())
        .containsExactly("new.a == 1", "10 / new.zero > 1");
    assertThat(
            calculation("new.a == 1 AND (new.b == 2 OR 10 / new.zero > 1)")
                .explain(change)
                .misses())
        .extracting(miss -> miss.condition().text())
        .containsExactly("new.a == 1");
  }

  @Test
  void both_sides_of_a_change_are_named_as_they_would_be_written() {
    String text = "changed(new.a.\"b \\u202e\\\"c\")";
    assertThat(calculation(text).explain(change("{}", "{}")).trace().parts())
        .extracting(Trace::text)
        .containsExactly("old.a.\"b \\u202e\\\"c\"", "new.a.\"b \\u202e\\\"c\"");
    assertThat(
            calculation("changed(new" + ".abc".repeat(900) + ")")
                .explain(change("{}", "{}"))
                .trace()
                .parts())
        .allMatch(side -> side.text().length() == 101 && side.text().endsWith("…"));
  }

  @Test
  void every_part_has_its_place_its_text_and_its_value() {
    assertThat(trace("new.a * 2 > 5\n  AND new.b == 'x'", "{\"a\":4,\"b\":\"x\"}"))
        .isEqualTo(
            """
            1:1 0-32 [new.a * 2 > 5
              AND new.b == 'x'] true
              1:1 0-13 [new.a * 2 > 5] true
                1:1 0-9 [new.a * 2] 8
                  1:1 0-5 [new.a] 4
                  1:9 8-9 [2] 2
                1:13 12-13 [5] 5
              2:7 20-32 [new.b == 'x'] true
                2:7 20-25 [new.b] x
                2:16 29-32 ['x'] x
            """);
  }

  @Test
  void what_was_not_needed_is_skipped_and_what_settled_it_is_marked() {
    assertThat(trace("new.a > 5 AND new.b > 5", "{\"a\":4}"))
        .contains("[new.a > 5] false, decided", "[new.b > 5] skipped")
        .doesNotContain("[new.b]");
    assertThat(trace("new.a > 3 OR new.b > 5", "{\"a\":4}"))
        .contains("[new.a > 3] true, decided", "[new.b > 5] skipped");
    assertThat(trace("new.a > 5 ? new.b : new.c", "{\"a\":4,\"c\":true}"))
        .contains("[new.b] skipped", "[new.c] true, decided");
    assertThat(trace("new.a ?: new.c", "{\"c\":true}"))
        .contains("[new.a] null", "[new.c] true, decided");
    assertThat(trace("new.a in (1, 4, 5)", "{\"a\":4}"))
        .contains("[1] 1\n", "[4] 4, decided", "[5] skipped");
  }

  @Test
  void a_failure_is_followed_to_where_it_began() {
    Change change = change("{\"a\":0,\"b\":\"x\"}", "{}");

    Explanation division =
        calculation("new.b == 'x' AND 1 < 2 + 8 / new.a AND true").explain(change);
    Explanation kind = calculation("new.b == 'x' AND (new.a ?: true)").explain(change);

    assertThat(division.origin().text()).isEqualTo("new.a");
    assertThat(division.origin().finding()).isEqualTo(new Finding.Known(0L));
    assertThat(kind.origin().text()).isEqualTo("new.a");
    assertThat(kind.outcome())
        .isEqualTo(new Outcome.Failed("AND needs true or false, and has a number"));
  }

  @Test
  void what_does_not_fit_is_to_blame_and_not_what_it_is_given_to() {
    Change change = change("{\"a\":0,\"b\":\"x\",\"c\":5}", "{}");

    assertThat(origin("new.c * new.b > 5", change)).isEqualTo("new.b");
    assertThat(origin("new.c + new.b > 5", change)).isEqualTo("new.b");
    assertThat(origin("-new.b > 5", change)).isEqualTo("new.b");
    assertThat(origin("0 / new.a > 5", change)).isEqualTo("new.a");
    assertThat(origin("new.a ^ -1 > 5", change)).isEqualTo("new.a");
    assertThat(origin("daysBetween(now(), new.b) > 5", change)).isEqualTo("new.b");
    assertThat(origin("Math.max(1, 2, new.b, 3) > 5", change)).isEqualTo("new.b");
    assertThat(origin("(int) new.b > 5", change)).isEqualTo("new.b");
    assertThat(origin("matches(new.c, 'x')", change)).isEqualTo("new.c");
    assertThat(origin("2 > 9 ^ 900", change)).isEqualTo("9 ^ 900");
  }

  private static String origin(String text, Change change) {
    return calculation(text).explain(change).origin().text();
  }

  @Test
  void a_change_shows_both_sides() {
    Change change = change("{\"a\":1}", "{\"a\":2}");

    assertThat(calculation("changed(new.a)").explain(change).trace().parts())
        .extracting(Trace::text, Trace::finding)
        .containsExactly(
            tuple("old.a", new Finding.Known(2L)), tuple("new.a", new Finding.Known(1L)));
  }

  @Test
  void both_sides_of_a_change_are_where_the_field_is_named() {
    Change change = change("{\"a\":1}", "{\"a\":2}");

    assertThat(calculation("changed( new.a )").explain(change).trace().parts())
        .extracting(part -> part.place().start(), part -> part.place().end())
        .containsExactly(tuple(9, 14), tuple(9, 14));
  }

  @Test
  void a_change_of_objects_and_arrays_says_where_they_begin_to_differ() {
    assertThat(difference("{\"a\":{\"b\":[1,{\"c d\":2}]}}", "{\"a\":{\"b\":[1.0,{\"c d\":3}]}}"))
        .isEqualTo(new Difference("a.b[1].\"c d\"", 3L, 2L));
    assertThat(difference("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":2}}"))
        .isEqualTo(new Difference("a.b", null, 1L));
    assertThat(difference("{\"a\":{\"c\":2}}", "{\"a\":{\"b\":null,\"c\":2}}"))
        .isEqualTo(new Difference("a.b", null, null));
    assertThat(difference("{\"a\":[1,2]}", "{\"a\":[1]}"))
        .isEqualTo(new Difference("a[1]", null, 2L));
    assertThat(difference("{\"a\":{}}", "{\"a\":[]}"))
        .isEqualTo(new Difference("a", List.of(), Map.of()));
    assertThat(difference("{\"a\":[1]}", "{\"a\":[1]}")).isNull();
    assertThat(difference("{\"a\":1}", "{\"a\":2}")).isNull();
  }

  private static @Nullable Difference difference(String after, String before) {
    return calculation("changed(new.a)").explain(change(after, before)).trace().difference();
  }

  @Test
  void a_long_part_is_shown_by_its_beginning() {
    String text = "new.a == '" + "x".repeat(200) + "'";

    assertThat(calculation(text).explain(change("{}", "{}")).trace().text())
        .isEqualTo(text.substring(0, 99) + "…");
  }

  @Test
  void lines_end_as_they_do_for_the_parser() {
    Trace trace =
        calculation("1 == 1 AND\r\n2 == 2 AND\r3 == 3").explain(change("{}", "{}")).trace();

    assertThat(trace.parts()).extracting(part -> part.place().line()).containsExactly(1, 2, 3);
    assertThat(trace.parts()).extracting(part -> part.place().column()).containsExactly(1, 1, 1);
  }

  @Test
  void every_missing_condition_of_an_and_is_named_reached_or_not() {
    assertThat(misses("new.a >= 900 AND new.b == 'x' AND new.c > 1", "{\"a\":640,\"c\":2}"))
        .containsExactly("new.a >= 900: 640 >= 900 by 260", "new.b == 'x'");
  }

  @Test
  void a_gap_is_told_from_the_side_that_reads_fields() {
    assertThat(misses("5 >= new.a", "{\"a\":7.5}")).containsExactly("5 >= new.a: 7.5 <= 5 by -2.5");
    assertThat(misses("new.a < new.b", "{\"a\":7,\"b\":7}"))
        .containsExactly("new.a < new.b: 7 < 7 by 0");
    assertThat(misses("NOT new.a >= 5", "{\"a\":7}"))
        .containsExactly("new.a >= 5 must not be: 7 < 5 by -2");
    assertThat(misses("new.a != 7", "{\"a\":7}")).containsExactly("new.a != 7");
    assertThat(misses("new.a < 5", "{\"a\":1e999999999}")).containsExactly("new.a < 5");
    assertThat(misses("new.a < 5", "{\"a\":\"4\"}")).containsExactly("new.a < 5");
  }

  @Test
  void of_an_or_the_closest_branch_is_named() {
    String state = "{\"a\":90,\"b\":10,\"c\":\"x\"}";

    assertThat(misses("new.a > 200 AND new.b > 20 OR new.c == 'y'", state))
        .as("fewer conditions")
        .containsExactly("new.c == 'y'");
    assertThat(misses("new.c == 'y' OR new.a > 2000", state))
        .as("a number rather than something else")
        .containsExactly("new.a > 2000: 90 > 2000 by 1910");
    assertThat(misses("new.b > 15 OR new.a > 100", state))
        .as("nearer in proportion")
        .containsExactly("new.a > 100: 90 > 100 by 10");
    assertThat(misses("new.a > 100 OR 100 < new.a", state))
        .as("the first written")
        .containsExactly("new.a > 100: 90 > 100 by 10");
    assertThat(misses("NOT (new.a == 90 AND new.c == 'x')", state))
        .as("an AND that must not be true")
        .containsExactly("new.a == 90 must not be");
  }

  @Test
  void of_a_choice_the_branch_that_is_taken_is_looked_at() {
    assertThat(misses("new.a > 50 ? new.b > 20 : new.b > 5", "{\"a\":90,\"b\":10}"))
        .containsExactly("new.b > 20: 10 > 20 by 10");
  }

  private static List<String> misses(String text, String after) {
    return calculation(text).explain(change(after, "{}")).misses().stream()
        .map(ExplanationTest::shown)
        .toList();
  }

  private static String shown(Miss miss) {
    Miss.Gap gap = miss.gap();
    return miss.condition().text()
        + (miss.wanted() ? "" : " must not be")
        + (gap == null
            ? ""
            : ": %s %s %s by %s"
                .formatted(gap.actual(), gap.relation(), gap.needed(), gap.difference()));
  }

  private static String trace(String text, String after) {
    return shown(calculation(text).explain(change(after, "{}")).trace());
  }

  private static String shown(Trace trace) {
    Place place = trace.place();
    String finding =
        switch (trace.finding()) {
          case Finding.Known(Object value) -> String.valueOf(value);
          case Finding.Failed(String reason) -> "failed: " + reason;
          case Finding.Skipped _ -> "skipped";
        };
    return "%d:%d %d-%d [%s] %s%s\n%s"
        .formatted(
            place.line(),
            place.column(),
            place.start(),
            place.end(),
            trace.text(),
            finding,
            trace.decided() ? ", decided" : "",
            trace.parts().stream()
                .map(ExplanationTest::shown)
                .collect(Collectors.joining())
                .replaceAll("(?m)^(?=\\s*\\d+:)", "  "));
  }

  private static ParsedCalculation calculation(String text) {
    return switch (Calculations.parse(text, CalculationLimits.DEFAULTS)) {
      case Parsed.Valid(ParsedCalculation calculation) -> calculation;
      case Parsed.Invalid(List<Problem> problems) -> throw new AssertionError(text + problems);
    };
  }

  private static Change change(String after, String before) {
    return new Change(Instant.EPOCH, payload(after), payload(before));
  }

  private static Payload payload(String json) {
    try {
      return JsonValues.payload(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
