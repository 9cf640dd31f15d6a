package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.AbstractList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConstantSetTest {
  /** To hash a large object or array takes longer than a whole calculation may. */
  @Test
  void an_array_is_among_no_constants_without_a_look_at_its_values() {
    ConstantSet constants = ConstantSet.of(List.of(new Term.Constant("x"), new Term.Constant(1L)));
    assertThat(constants.contains(new Untouchable())).isFalse();
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
