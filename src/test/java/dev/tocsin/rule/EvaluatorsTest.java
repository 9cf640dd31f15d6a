package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.rule.index.Matches;
import dev.tocsin.rule.index.RuleIndex;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * What the cases say of closures, compiled calculations and the index of rules say too. A failure
 * is one with the same reason, except that the index may keep a rule that would fail from an event.
 */
class EvaluatorsTest {
  private static final int CLASS_SIZE = 200;

  private record Accepted(CalculationCase one, Calculation calculation) {
    Outcome evaluated() {
      return calculation.evaluate(one.change());
    }

    Node tree() {
      return Objects.requireNonNull(Calculations.tree(calculation));
    }
  }

  @Test
  void compiled_calculations_mean_what_their_cases_say() {
    List<Accepted> compilable =
        accepted().stream()
            .filter(one -> GroovyPrinter.parts(one.tree()) <= CompiledTier.PARTS_MAX)
            .toList();
    assertThat(compilable).hasSizeGreaterThan(accepted().size() * 9 / 10);
    for (int from = 0; from < compilable.size(); from += CLASS_SIZE) {
      List<Accepted> some =
          compilable.subList(from, Math.min(from + CLASS_SIZE, compilable.size()));
      List<Condition> compiled = CompiledMethods.of(some.stream().map(Accepted::tree).toList());
      for (int i = 0; i < some.size(); i++) {
        Accepted asked = some.get(i);
        assertThat(Calculations.outcome(compiled.get(i), asked.one().change()))
            .as(asked.one().toString())
            .isEqualTo(asked.evaluated());
      }
    }
  }

  @Test
  void an_index_of_one_rule_finds_it_when_its_case_says_so() {
    for (Accepted asked : accepted()) {
      RuleIndex<String> index = new RuleIndex<>();
      RuleId id = new RuleId(new UUID(0, 1));
      index.put(id, "rule", asked.calculation());
      Matches<String> found = index.matching(asked.one().change());
      Outcome evaluated = asked.evaluated();
      assertThat(found.fired())
          .as(asked.one().toString())
          .hasSize(evaluated instanceof Outcome.Fires ? 1 : 0);
      assertThat(found.failed())
          .as(asked.one().toString())
          .allMatch(failure -> failure.outcome().equals(evaluated));
      assertThat(index.remove(id)).isTrue();
      assertThat(index.size()).isZero();
    }
  }

  /** The cases that are calculations; that closures mean what they say is tested elsewhere. */
  private static List<Accepted> accepted() {
    List<Accepted> accepted = new ArrayList<>();
    CalculationCase.all()
        .forEach(one -> {
          if (Calculations.parse(one.calculation(), CalculationLimits.DEFAULTS)
              instanceof Parsed.Valid(Calculation calculation)) {
            accepted.add(new Accepted(one, calculation));
          }
        });
    return accepted;
  }
}
