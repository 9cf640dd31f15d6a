package dev.tocsin.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.config.Applied;
import dev.tocsin.config.Applied.Refused;
import dev.tocsin.config.Problem;
import dev.tocsin.event.OrganizationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeclarationsTest {
  private static final Problem PROBLEM = new Problem("a.yaml:3", "webhooks.code: ops belongs to …");

  private final Deque<Applied> outcomes = new ArrayDeque<>();
  private final Declarations declarations = new Declarations(organizations -> outcomes.pop());

  @Test
  void what_the_operator_has_to_do_is_told_until_it_is_done() {
    assertThat(declarations.degraded()).isEmpty();

    apply(new Applied(List.of(), List.of(refused(1), refused(1), refused(2)), List.of()));
    assertThat(declarations.degraded())
        .singleElement()
        .asString()
        .startsWith("the files of 2 organizations are not applied")
        .doesNotContain("ops");

    apply(new Applied(List.of(), List.of(), List.of(refused(3))));
    assertThat(declarations.degraded()).isEmpty();
  }

  private static Refused refused(long organization) {
    return new Refused(new OrganizationId(new UUID(0, organization)), PROBLEM);
  }

  private void apply(Applied outcome) {
    outcomes.push(outcome);
    assertThat(declarations.apply(List.of())).isEqualTo(outcome);
  }
}
