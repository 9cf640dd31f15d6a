package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/calculations.md} says of functions. */
class CalculationsPageTest {
  private static final Instant TIME = Instant.parse("2026-11-23T10:00:00Z");
  private static final String PAGE = page();
  private static final String FUNCTIONS = functionsSection();

  private static final Pattern REFUSAL =
      Pattern.compile("(?m)^(\\S.*\\S) +line (\\d+), column (\\d+): (.*)$");

  /** The last cell of a row of a table. */
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^\\| `.* \\| `([^|]*)` \\|$");

  static Stream<String> examples() {
    return EXAMPLE.matcher(FUNCTIONS).results().map(row -> row.group(1));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void every_example_is_true_of_the_event_it_is_about(String calculation) throws IOException {
    assertThat(Calculations.parse(calculation, CalculationLimits.DEFAULTS))
        .isInstanceOfSatisfying(
            Parsed.Valid.class,
            valid -> assertThat(valid.calculation().evaluate(event())).isEqualTo(Outcome.of(true)));
  }

  static Stream<Arguments> refusals() {
    String section = PAGE.substring(PAGE.indexOf("\n## When a text is refused\n"));
    return REFUSAL
        .matcher(section)
        .results()
        .map(row ->
            Arguments.of(
                row.group(1),
                new Problem(
                    Integer.parseInt(row.group(2)), Integer.parseInt(row.group(3)), row.group(4))));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void every_refusal_is_as_the_page_says(String calculation, Problem problem) {
    assertThat(Calculations.parse(calculation, CalculationLimits.DEFAULTS))
        .isEqualTo(new Parsed.Invalid(List.of(problem)));
  }

  @Test
  void every_function_is_on_the_page() {
    List<String> names =
        Stream.concat(
                Arrays.stream(Function.values()).map(Function::spelling),
                Stream.of("isnull", "IN", "Math.pow", "changed", "matches"))
            .map(name -> name.startsWith("(") ? name : name + "(")
            .toList();

    assertThat(names).filteredOn(Predicate.not(FUNCTIONS::contains)).isEmpty();
    assertThat(examples().count()).isGreaterThanOrEqualTo(30);
  }

  private static Change event() {
    Matcher json = Pattern.compile("(?s)```json\n(.*?)```").matcher(FUNCTIONS);
    assertThat(json.find()).isTrue();
    MatchResult event = json.toMatchResult();
    return new Change(TIME, side(event.group(1), "new"), side(event.group(1), "old"));
  }

  @SuppressWarnings({"unchecked", "NullAway"}) // JsonValues makes no other maps
  private static Payload side(String event, String name) {
    try {
      Object state = Objects.requireNonNull(JsonValues.payload(event).fields().get(name));
      return new Payload("{}", (Map<String, @Nullable Object>) state);
    } catch (IOException e) {
      throw new IllegalStateException(event, e);
    }
  }

  private static String functionsSection() {
    int start = PAGE.indexOf("\n## Functions\n");
    return PAGE.substring(start, PAGE.indexOf("\n## ", start + 1));
  }

  private static String page() {
    try {
      return Files.readString(Path.of("docs/calculations.md"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
