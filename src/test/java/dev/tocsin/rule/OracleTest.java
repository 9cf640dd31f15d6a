package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A slice of {@code scripts/oracle}. */
class OracleTest {
  private static final long SEED = 1;
  private static final int EXPRESSIONS = 150;

  @Test
  void closures_compiled_calculations_and_ordinary_groovy_agree() {
    Tally tally = new Oracle(SEED).ask(EXPRESSIONS);
    assertThat(tally.disagreements()).isEmpty();
    assertThat(tally.expressions()).isEqualTo(EXPRESSIONS);
    assertThat(tally.askedOfGroovy()).isGreaterThan(tally.evaluations() / 2);
    assertThat(tally.fired()).isGreaterThan(tally.evaluations() / 10);
  }
}
