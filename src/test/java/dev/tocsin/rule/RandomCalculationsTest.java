package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tocsin.event.Change;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing a text or a field can hold makes the language throw; each seed repeats its run. */
class RandomCalculationsTest {
  private static final int TEXTS = 5_000;
  private static final List<String> SOUP =
      List.of(
          "new.a",
          "old.b.c",
          "new",
          "old",
          ".",
          "?.",
          "(",
          ")",
          "[",
          "]",
          ",",
          "?",
          ":",
          "?:",
          "==",
          "!=",
          "<",
          "<=",
          ">",
          ">=",
          "in",
          "IN",
          "+",
          "-",
          "*",
          "/",
          "%",
          "^",
          "**",
          "!",
          "NOT",
          "not",
          "AND",
          "or",
          "&&",
          "||",
          "true",
          "false",
          "null",
          "1",
          "0",
          "2.5",
          "1e9",
          "99999999999999999999",
          "\"x\"",
          "'y'",
          "\"",
          "'",
          "\\",
          "\\u00e4",
          "$",
          "${",
          "@",
          "=",
          "{",
          "}",
          ";",
          "#",
          "é",
          "\uD83D\uDE00",
          "\uD800",
          "\u0000",
          "\u00A0",
          "\n",
          "\r\n",
          "Math.max",
          "isnull",
          "class",
          " ");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void no_soup_of_tokens_makes_the_parser_throw(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < TEXTS; i++) {
      StringBuilder soup = new StringBuilder();
      for (int length = random.nextInt(30); length >= 0; length--) {
        soup.append(one(SOUP, random)).append(random.nextInt(3) == 0 ? " " : "");
      }
      String text = soup.toString();
      assertThatCode(() -> Calculations.parse(text, CalculationLimits.DEFAULTS))
          .as(text)
          .doesNotThrowAnyException();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void no_valid_calculation_throws_on_any_fields(long seed) {
    Random random = new Random(seed);
    int valid = 0;
    for (int i = 0; i < TEXTS; i++) {
      String text = RandomCalculations.condition(random, 4);
      if (Calculations.parse(text, CalculationLimits.DEFAULTS)
          instanceof Parsed.Valid(Calculation calculation)) {
        valid++;
        Change change = RandomCalculations.change(random);
        Outcome first = calculation.evaluate(change);
        assertThat(calculation.evaluate(change)).as(text).isEqualTo(first);
      }
    }
    assertThat(valid).as("calculations that make sense").isGreaterThan(TEXTS * 3 / 4);
  }

  private static <T> T one(List<T> choices, Random random) {
    return choices.get(random.nextInt(choices.size()));
  }
}
