package dev.tocsin.rule;

import dev.tocsin.catalog.EventType;
import dev.tocsin.event.Change;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes calculations of texts. */
public final class Calculations {
  private Calculations() {}

  /**
   * Reads a text, in time linear in its length, and never throws for anything a text can hold. The
   * language is described in {@code docs/calculations.md}.
   */
  public static Parsed parse(String text, CalculationLimits limits) {
    Objects.requireNonNull(limits);
    try {
      Node tree = new Parser(text, limits).calculation();
      Condition condition = new Closures(limits).calculation(tree);
      return new Parsed.Valid(new ClosureCalculation(text, condition, tree, limits));
    } catch (Refusal refusal) {
      return new Parsed.Invalid(List.of(refusal.problem()));
    }
  }

  /**
   * The ways for a calculation to be true, of which one is enough: what an index can look for. None
   * if it is never true.
   *
   * @param calculation null for what always holds
   */
  public static List<Conjunction> ways(@Nullable Calculation calculation) {
    return switch (calculation) {
      case null -> List.of(Conjunction.ALWAYS);
      case ClosureCalculation made ->
          new Indexable(new Comparison(made.limits())).ways(made.tree());
      case TieredCalculation tiered -> ways(tiered.plain());
      default -> List.of(Conjunction.UNKNOWN);
    };
  }

  /** The tree a calculation was made of; null for one that was not made here. */
  static @Nullable Node tree(Calculation calculation) {
    return switch (calculation) {
      case ClosureCalculation made -> made.tree();
      case TieredCalculation tiered -> tiered.tree();
      default -> null;
    };
  }

  /** What a condition that is a whole calculation says of a change. */
  static Outcome outcome(Condition condition, Change change) {
    try {
      return Outcome.of(condition.holds(change));
    } catch (EvaluationFailure failure) {
      return new Outcome.Failed(failure.reason());
    }
  }

  private record ClosureCalculation(
      String text, Condition condition, Node tree, CalculationLimits limits)
      implements ParsedCalculation {
    @Override
    public Outcome evaluate(Change change) {
      return outcome(condition, change);
    }

    @Override
    public Explanation explain(Change change) {
      return new Tracer(text, limits, change).explanation(tree);
    }

    @Override
    public List<Warning> warnings(EventType type) {
      return new Reviewer(type, limits).review(tree);
    }
  }
}
