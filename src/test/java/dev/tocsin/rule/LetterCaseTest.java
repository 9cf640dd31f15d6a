package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LetterCaseTest {
  /** Letters that become several, depend on their neighbours, or take two units. */
  private static final int[] ODD = {
    'a', 'I', ' ', '.', 0xDF, 0x130, 0x131, 0x390, 0x3A3, 0x3C3, 0x307, 0x1F80, 0xFB03, 0x10400,
    0x10428, 0xD800, 0xDC00
  };

  /** What {@code lower} relies on. */
  @Test
  void only_a_dotted_i_becomes_several_small_letters() {
    assertThat(IntStream.rangeClosed(0, Character.MAX_CODE_POINT).filter(LetterCaseTest::isLonger))
        .containsExactly(0x130);
  }

  @Test
  void letters_become_what_java_says() {
    Random random = new Random(1);
    for (int i = 0; i < 20_000; i++) {
      String text = text(random);
      assertThat(LetterCase.upper(text)).isEqualTo(text.toUpperCase(Locale.ROOT));
      assertThat(LetterCase.lower(text)).isEqualTo(text.toLowerCase(Locale.ROOT));
    }
  }

  private static boolean isLonger(int letter) {
    String text = Character.toString(letter);
    return text.toLowerCase(Locale.ROOT).length() != text.length();
  }

  private static String text(Random random) {
    return random
        .ints(random.nextInt(200), 0, ODD.length)
        .mapToObj(i -> Character.toString(ODD[i]))
        .collect(Collectors.joining());
  }
}
