package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LetterCaseTest {
  /** Letters that become several, or take two units, or only one of them. */
  private static final int[] ODD = {
    'a', 'I', ' ', '.', 0xDF, 0x130, 0x131, 0x390, 0x3C3, 0x3C2, 0x307, 0x1F80, 0xFB03, 0x10400,
    0x10428, 0x1F600, 0x20000, 0xD800, 0xDC00
  };

  @Test
  void every_letter_becomes_what_java_says() {
    assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT).mapToObj(Character::toString))
        .allMatch(letter -> upper(letter).equals(letter.toUpperCase(Locale.ROOT)))
        .allMatch(letter -> lower(letter).equals(letter.toLowerCase(Locale.ROOT)));
  }

  @Test
  void texts_become_what_java_says() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String text =
          random
              .ints(random.nextInt(30), 0, ODD.length)
              .mapToObj(odd -> Character.toString(ODD[odd]))
              .collect(Collectors.joining());
      assertThat(upper(text)).isEqualTo(text.toUpperCase(Locale.ROOT));
      assertThat(lower(text)).isEqualTo(text.toLowerCase(Locale.ROOT));
    }
  }

  @Test
  void a_sigma_has_its_final_form_at_the_end_of_a_word() {
    assertThat(lower("\u039f\u03a3 \u039f\u03a3\u039f \u03a3 \u039f\u03a3. \u03a3\u039f\u03a3"))
        .isEqualTo("\u03bf\u03c2 \u03bf\u03c3\u03bf \u03c3 \u03bf\u03c2. \u03c3\u03bf\u03c2");
  }

  @Test
  void a_text_that_grows_too_long_is_none() {
    assertThat(LetterCase.UPPER.of("\u00df", "upper", 2)).isEqualTo("SS");
    assertThatExceptionOfType(EvaluationFailure.class)
        .isThrownBy(() -> LetterCase.UPPER.of("\u00dfa", "upper", 2))
        .withMessage("upper gives a text of more than 2 characters");
  }

  private static String upper(String text) {
    return LetterCase.UPPER.of(text, "upper", 1_000);
  }

  private static String lower(String text) {
    return LetterCase.LOWER.of(text, "lower", 1_000);
  }
}
