package dev.tocsin.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.rule.CalculationCase;
import org.junit.jupiter.api.Test;

/** A short slice of what {@code scripts/fuzz} does at length. */
class FuzzerTest {
  private static final int TEXTS = 10_000;
  private static final long FIRST_SEED = 1;

  private final FuzzTexts texts =
      new FuzzTexts(CalculationCase.all().map(CalculationCase::calculation).toList());

  /** A find names the seed: {@code scripts/fuzz texts --seed <seed> --count 1} repeats it. */
  @Test
  void no_text_makes_the_language_throw_contradict_itself_or_take_much()
      throws InterruptedException {
    Fuzzer.Round round = new Fuzzer(texts, Fuzzer.Clock.IGNORED).run(FIRST_SEED, TEXTS);
    assertThat(round.finds()).isEmpty();
    assertThat(round.texts()).isEqualTo(TEXTS);
    assertThat(round.accepted()).as("texts that mean something").isGreaterThan(TEXTS / 20);
  }

  @Test
  void a_seed_always_gives_the_same_text() {
    for (long seed = 0; seed < 1_000; seed++) {
      assertThat(texts.text(seed)).isEqualTo(texts.text(seed));
    }
  }
}
