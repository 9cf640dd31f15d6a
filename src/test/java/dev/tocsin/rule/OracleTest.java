package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A slice of {@code scripts/oracle}. */
class OracleTest {
  private static final long SEED = 1;
  private static final int EXPRESSIONS = 100;

  @Test
  void closures_compiled_calculations_and_ordinary_groovy_agree() {
    Oracle.Tally tally = new Oracle(EXPRESSIONS).ask(SEED);
    assertThat(tally.disagreements()).isEmpty();
    assertThat(tally.askedOfGroovy()).isGreaterThan(tally.evaluations() / 2);
    assertThat(tally.fired()).isGreaterThan(tally.evaluations() / 10);
  }
}
