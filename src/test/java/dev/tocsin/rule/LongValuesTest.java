package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import dev.tocsin.rule.index.Matches;
import dev.tocsin.rule.index.RuleIndex;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of values that are too long to be compared as often as a calculation may. */
class LongValuesTest {
  /** Texts of more than four characters are long. */
  private static final CalculationLimits TIGHT =
      new CalculationLimits(1_000, 100, 9, 9, 9, 9, 30, 99, 99, 4, 9);

  private static final Outcome NOT_COMPARED =
      new Outcome.Failed("texts are compared only if one of them has 4 characters at most");

  private static final Change TEXTS =
      change(Map.of("four", "abcd", "five", "abcde", "six", "abcdef"), Map.of("five", "abcde"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "new.five != new.six | true",
        "new.five == \"vwxyz\" OR true | ",
        "new.five == old.five | ",
        "new.five != old.five | ",
        "\"abcde\" == new.five | ",
        "new.four < new.six AND new.six > new.four | true",
        "new.five < new.six | ",
        "new.six >= new.five | ",
        "new.six > \"abcde\" | ",
        "new.five in (\"abcd\", \"abcdef\", null) | false",
        "new.five in (\"abcd\", \"vwxyz\") | ",
        "new.five in (new.four, old.five) | ",
        "new.five in (new.six, \"abcde\", 5) | ",
        "changed(new.five) | ",
        "changed(new.six) | true"
      })
  void texts_are_compared_by_closures_compiled_and_explained_alike(
      String text, @Nullable Boolean fires) {
    Outcome expected = fires == null ? NOT_COMPARED : Outcome.of(fires);
    ParsedCalculation calculation = parsed(text);
    assertThat(calculation.evaluate(TEXTS)).isEqualTo(expected);
    assertThat(calculation.explain(TEXTS).outcome()).isEqualTo(expected);
    // The index may keep an event from a rule that would fail on it.
    assertThat(indexed(calculation))
        .isIn(fires == null ? List.of(expected, Outcome.of(false)) : List.of(expected));
    Node tree = Objects.requireNonNull(Calculations.tree(calculation));
    Condition compiled = GroovyCompiler.compile(GroovyPrinter.print(tree, TIGHT, "Long"));
    assertThat(Calculations.outcome(compiled, TEXTS)).isEqualTo(expected);
  }

  /** What an index says of the texts. */
  private static Outcome indexed(Calculation calculation) {
    RuleIndex<String> index = new RuleIndex<>();
    index.put(new RuleId(new UUID(1, 1)), "rule", calculation);
    Matches<String> matches = index.matching(TEXTS);
    return matches.failed().isEmpty()
        ? Outcome.of(!matches.fired().isEmpty())
        : matches.failed().getFirst().outcome();
  }

  @Test
  void a_long_number_counts_as_ten_items() {
    Object nineteen = new BigDecimal("1234567890123456789.5");
    assertThat(includes(Collections.nCopies(20, nineteen), 5L)).isEqualTo(Outcome.of(false));
    assertThat(includes(Collections.nCopies(21, nineteen), 5L)).isInstanceOf(Outcome.Failed.class);
    assertThat(includes(Collections.nCopies(200, nineteen), "x")).isEqualTo(Outcome.of(false));
    assertThat(includes(Collections.nCopies(200, new BigDecimal("1.5")), 5L))
        .isEqualTo(Outcome.of(false));
  }

  @Test
  void a_text_counts_by_its_length_if_it_has_to_be_read() {
    assertThat(includes(Collections.nCopies(200, "a".repeat(99)), "b"))
        .isEqualTo(Outcome.of(false));
    assertThat(includes(Collections.nCopies(100, "a".repeat(99)), "b".repeat(99)))
        .isEqualTo(Outcome.of(false));
    assertThat(includes(Collections.nCopies(101, "a".repeat(99)), "b".repeat(99)))
        .isInstanceOf(Outcome.Failed.class);
  }

  @Test
  void what_changed_reads_counts_in_the_same_way() {
    assertThat(changed(List.of("a".repeat(4_000), "b".repeat(4_000), "c".repeat(4_000))))
        .isEqualTo(Outcome.of(false));
    assertThat(changed(Collections.nCopies(4, "a".repeat(4_000))))
        .isInstanceOf(Outcome.Failed.class);
    assertThat(changed(Map.of("n".repeat(8_000), "b".repeat(4_000)))).isEqualTo(Outcome.of(false));
    assertThat(changed(Map.of("n".repeat(9_000), "b".repeat(4_000))))
        .isInstanceOf(Outcome.Failed.class);
  }

  private static Outcome includes(List<?> array, Object wanted) {
    return evaluated(
        "includes(new.array, new.wanted)",
        change(Map.of("array", array, "wanted", wanted), Map.of()));
  }

  private static Outcome changed(Object value) {
    return evaluated("changed(new.a)", change(Map.of("a", value), Map.of("a", value)));
  }

  private static Outcome evaluated(String text, Change change) {
    return ((Parsed.Valid) Calculations.parse(text, CalculationLimits.DEFAULTS))
        .calculation()
        .evaluate(change);
  }

  private static ParsedCalculation parsed(String text) {
    return ((Parsed.Valid) Calculations.parse(text, TIGHT)).calculation();
  }

  // javac leaves the @Nullable of a compact constructor's parameter out of the class file that the
  // tests are compiled against
  @SuppressWarnings("NullAway")
  private static Change change(Map<String, Object> after, Map<String, Object> before) {
    return new Change(Instant.EPOCH, new Payload("{}", after), new Payload("{}", before));
  }
}
