package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeclarationsTest {
  private static final Problem PROBLEM = new Problem("a.yaml:3", "webhooks.code: ops belongs to …");

  private final Deque<Applied> outcomes = new ArrayDeque<>();
  private final Declarations declarations = new Declarations(organizations -> outcomes.pop());

  @Test
  void what_the_operator_has_to_do_is_told_until_it_is_done() {
    assertThat(declarations.degraded()).isEmpty();

    apply(new Applied.Conflicting(List.of(PROBLEM)));
    assertThat(declarations.degraded())
        .singleElement()
        .asString()
        .startsWith("nothing of the organizations' files is applied")
        .doesNotContain("ops");

    apply(new Applied.Done(List.of(), List.of(PROBLEM, PROBLEM)));
    assertThat(declarations.degraded())
        .containsExactly("2 files declare organizations that were erased: the log says which");

    apply(new Applied.Done(List.of(), List.of()));
    assertThat(declarations.degraded()).isEmpty();
  }

  private void apply(Applied outcome) {
    outcomes.push(outcome);
    assertThat(declarations.apply(List.of())).isEqualTo(outcome);
  }
}
