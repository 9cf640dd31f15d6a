package dev.tocsin.rule;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CalculationsTest {
  private static final int SMALL_STACK_BYTES = 256 * 1024;

  /** What threads have where nobody says otherwise. */
  private static final int STACK_BYTES = 1 << 20;

  private static final Change NOTHING = new Change(Instant.EPOCH, null, null);

  static Stream<CalculationCase> cases() {
    return CalculationCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void calculations_mean_what_their_cases_say(CalculationCase one) {
    Parsed parsed = Calculations.parse(one.calculation(), CalculationLimits.DEFAULTS);
    switch (one.expected()) {
      case CalculationCase.Expected.Fires(boolean fires) ->
          assertThat(evaluated(parsed, one.change())).isEqualTo(Outcome.of(fires));
      case CalculationCase.Expected.Failed(String reason) ->
          assertThat(evaluated(parsed, one.change()))
              .isInstanceOfSatisfying(
                  Outcome.Failed.class, failed -> assertThat(failed.reason()).contains(reason));
      case CalculationCase.Expected.Refused refused -> {
        Problem problem = onlyProblem(parsed);
        assertThat(problem.message()).contains(refused.message());
        assertThat(problem.line()).isEqualTo(refused.line());
        assertThat(problem.column()).isEqualTo(refused.column());
      }
    }
  }

  @Test
  void a_calculation_keeps_the_text_it_was_made_of() {
    String text = " new.amount ==\n 1 ";
    assertThat(Calculations.parse(text, CalculationLimits.DEFAULTS))
        .isInstanceOfSatisfying(
            Parsed.Valid.class, valid -> assertThat(valid.calculation().text()).isEqualTo(text));
  }

  /** What bounds the recursion is the depth limit, and for sums the node limit. */
  @ParameterizedTest
  @MethodSource("deepest")
  void the_deepest_calculation_fits_a_small_stack(String text) throws InterruptedException {
    List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    Runnable evaluation =
        () ->
            outcomes.add(evaluated(Calculations.parse(text, CalculationLimits.DEFAULTS), NOTHING));
    Thread thread = new Thread(null, evaluation, "small stack", SMALL_STACK_BYTES);
    thread.start();
    thread.join();
    assertThat(outcomes).containsExactly(Outcome.of(true));
  }

  static Stream<String> deepest() {
    return Stream.of(
        "(false OR true AND ".repeat(50) + "true" + ")".repeat(50),
        "false ? true : ".repeat(50) + "true",
        "1 == " + "2 - 1 * (".repeat(49) + "1" + ")".repeat(49),
        "0 <= 1" + " + 1".repeat(198),
        "null == new.amount" + " + 1".repeat(198));
  }

  /** What else is done with a tree goes down it too. */
  @ParameterizedTest
  @MethodSource("largest")
  void the_largest_calculation_there_may_be_fits_a_thread(String text) throws InterruptedException {
    List<Object> done = new CopyOnWriteArrayList<>();
    EventType type =
        requireNonNull(Catalog.system().find(new EventName("configuration.commitment.updated")));
    Runnable everything =
        () -> {
          try (CompiledTier tier =
              new CompiledTier(CalculationLimits.LARGEST, new TierLimits(1, 1_000))) {
            ParsedCalculation calculation = ((Parsed.Valid) tier.parse(text)).calculation();
            done.add(calculation.evaluate(NOTHING));
            done.add(calculation.explain(NOTHING).outcome());
            done.add(calculation.warnings(type).isEmpty());
            done.add(!Calculations.ways(calculation).isEmpty());
          }
        };
    Thread thread = new Thread(null, everything, "a thread", STACK_BYTES);
    thread.setUncaughtExceptionHandler((_, thrown) -> done.add(thrown));
    thread.start();
    thread.join();
    assertThat(done).containsExactly(Outcome.of(true), Outcome.of(true), true, true);
  }

  static Stream<String> largest() {
    return Stream.of(
        "0 <= 1" + " + 1".repeat(395),
        "null == new.amount" + " + new.amount".repeat(240),
        "null == "
            + "new.amount - (".repeat(99)
            + "new.amount"
            + " + 1".repeat(160)
            + ")".repeat(99),
        "true" + " AND new.amount == null".repeat(480),
        "(false OR true AND ".repeat(99) + "true" + ")".repeat(99),
        "false ? true : ".repeat(99) + "true",
        "(" + "new.amount ?: ".repeat(98) + "new.amount) == null",
        "NOT NOT ".repeat(49) + "true");
  }

  @Test
  void the_limits_are_those_it_is_given() {
    CalculationLimits tight = new CalculationLimits(40, 9, 2, 3, 2, 3, 30, 5, 5, 4, 5);
    assertThat(refusal("true AND true AND true AND true AND true ", tight)).contains("41 char");
    assertThat(refusal("true OR true OR true OR true OR false", tight)).isEmpty();
    assertThat(refusal("true OR true OR true OR true OR !true", tight)).contains("the 9 allowed");
    assertThat(refusal("((1)) == 1", tight)).isEmpty();
    assertThat(refusal("(((1))) == 1", tight)).contains("the 2 levels");
    assertThat(refusal("1234 == 1", tight)).contains("a number of 4 digits");
    assertThat(refusal("1 in (1, 2, 3)", tight)).contains("2 values at most");
    CalculationLimits wider = new CalculationLimits(40, 99, 2, 3, 2, 3, 30, 5, 5, 4, 5);
    assertThat(failure("2 ^ 4 > 0", wider)).contains("exponents to 3 only");
    assertThat(failure("999 ^ 3 ^ 2 > 0", wider)).contains("exponents to 3 only");
    assertThat(failure("(999 ^ 3) ^ 3 > 0", wider)).isEmpty();
    assertThat(failure("(999 ^ 3) ^ 3 * 999 * 999 > 0", wider)).contains("more than 30 digits");
    assertThat(failure("'abc' + 'def' == ''", wider)).contains("more than 5 characters");
    assertThat(failure("'abcde' == 'abcde'", wider)).contains("has 4 characters at most");
    assertThat(failure("'abcde' == 'abcdef' OR 'abcd' == 'abcd'", wider)).isEmpty();
    assertThat(failure("'abcde' in ('abcde', 'a')", wider)).contains("has 4 characters at most");
    assertThat(failure("'abcde' in ('abcdef', 'a')", wider)).isEmpty();
  }

  private static String refusal(String text, CalculationLimits limits) {
    return switch (Calculations.parse(text, limits)) {
      case Parsed.Valid _ -> "";
      case Parsed.Invalid(List<Problem> problems) -> problems.getFirst().message();
    };
  }

  private static String failure(String text, CalculationLimits limits) {
    return switch (evaluated(Calculations.parse(text, limits), NOTHING)) {
      case Outcome.Failed(String reason) -> reason;
      case Outcome.Fires _, Outcome.DoesNotFire _ -> "";
    };
  }

  private static Outcome evaluated(Parsed parsed, Change change) {
    return switch (parsed) {
      case Parsed.Valid(Calculation calculation) -> calculation.evaluate(change);
      case Parsed.Invalid(List<Problem> problems) ->
          throw new AssertionError("refused: " + problems);
    };
  }

  private static Problem onlyProblem(Parsed parsed) {
    return switch (parsed) {
      case Parsed.Valid _ -> throw new AssertionError("accepted");
      case Parsed.Invalid(List<Problem> problems) -> {
        assertThat(problems).hasSize(1);
        yield problems.getFirst();
      }
    };
  }
}
