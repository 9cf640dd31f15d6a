package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.util.AbstractList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ConstantSetTest {
  /** To hash a large object or array takes longer than a whole calculation may. */
  @Test
  void an_array_is_among_no_constants_without_a_look_at_its_values() {
    assertThat(set("x", 1L).contains(new Untouchable())).isFalse();
  }

  @Test
  void a_number_is_found_however_it_is_written_and_another_of_its_magnitude_is_not() {
    ConstantSet constants =
        set(5L, new BigDecimal("-0.05"), new BigDecimal("1.5"), new BigDecimal("123456789e90"), 0L);
    assertThat(List.of("5.00", "0.5e1", "-0.0500", "1.50", "1234567890e89", "0e2147483647", "-0.0"))
        .allMatch(number -> constants.contains(new BigDecimal(number)));
    assertThat(List.of("-5", "5.01", "6", "0.05", "1.51", "-1.5", "123456788e90", "1e999999999"))
        .noneMatch(number -> constants.contains(new BigDecimal(number)));
  }

  /** A hash of such a text would cost as much as it is long. */
  @Test
  void a_text_is_not_found_if_it_is_longer_than_each_constant() {
    ConstantSet constants = set("x", "xy");
    assertThat(constants.contains("xy")).isTrue();
    assertThat(constants.contains("xy".repeat(100_000))).isFalse();
  }

  @Test
  void a_text_over_the_limit_is_unequal_by_its_length_or_not_compared() {
    String text = "x".repeat(CalculationLimits.DEFAULTS.comparedTextMax() + 1);
    assertThat(set(text + "x", "x").contains(text)).isFalse();
    assertThatExceptionOfType(EvaluationFailure.class)
        .isThrownBy(() -> set(text, "x").contains(text));
  }

  private static ConstantSet set(Object... values) {
    List<Term> constants = Stream.of(values).<Term>map(Term.Constant::new).toList();
    return ConstantSet.of(constants, new Comparison(CalculationLimits.DEFAULTS));
  }

  private static final class Untouchable extends AbstractList<Object> {
    @Override
    public Object get(int index) {
      throw new AssertionError("a value is read");
    }

    @Override
    public int size() {
      return 1;
    }
  }
}
