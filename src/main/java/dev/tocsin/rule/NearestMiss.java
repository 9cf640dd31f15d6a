package dev.tocsin.rule;

import dev.tocsin.rule.Miss.Gap;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds what keeps a calculation from being true: each condition that would have to come out
 * otherwise, looked at by itself, so that those behind the one that decided are named too.
 *
 * <p>Of the branches of an OR, any of which would do, it names the closest: the one with the fewest
 * conditions missing; of those one whose numbers are known before one that lacks something else;
 * then the one whose largest difference is the smallest in proportion to the numbers compared; then
 * the first written.
 */
final class NearestMiss {
  private static final Comparator<List<Miss>> CLOSEST_FIRST =
      Comparator.<List<Miss>>comparingInt(List::size)
          .thenComparing(misses -> misses.stream().anyMatch(miss -> miss.gap() == null))
          .thenComparing(NearestMiss::largestRatio);

  private final Tracer tracer;
  private final Arithmetic arithmetic;

  NearestMiss(Tracer tracer, Arithmetic arithmetic) {
    this.tracer = tracer;
    this.arithmetic = arithmetic;
  }

  /** What a whole calculation lacks; nothing if it is true. */
  List<Miss> of(Node root) {
    return misses(root, true);
  }

  private List<Miss> misses(Node node, boolean wanted) {
    return switch (node) {
      case Node.All all -> wanted ? every(all.operands(), true) : closest(all.operands(), false);
      case Node.Any any -> wanted ? closest(any.operands(), true) : every(any.operands(), false);
      case Node.Not not -> misses(not.operand(), !wanted);
      case Node.Choice choice ->
          switch (Tracer.truth(tracer.trace(choice.condition()).finding(), "'?' needs")) {
            case Finding.Known(Object taken) ->
                misses(Boolean.TRUE.equals(taken) ? choice.then() : choice.otherwise(), wanted);
            case Finding.Failed _, Finding.Skipped _ -> condition(choice, wanted);
          };
      case Node.Comparing _,
          Node.Membership _,
          Node.Changed _,
          Node.Matching _,
          Node.Literal _,
          Node.Field _,
          Node.Computing _,
          Node.Signed _,
          Node.Fallback _,
          Node.Call _ ->
          condition(node, wanted);
    };
  }

  private List<Miss> every(List<Node> operands, boolean wanted) {
    List<Miss> all = new ArrayList<>();
    operands.forEach(operand -> all.addAll(misses(operand, wanted)));
    return all;
  }

  /** One is enough, if nothing before it fails: that would end the evaluation. */
  private List<Miss> closest(List<Node> operands, boolean wanted) {
    List<List<Miss>> ways = new ArrayList<>();
    List<Miss> failing = new ArrayList<>();
    for (Node operand : operands) {
      List<Miss> own = misses(operand, wanted);
      List<Miss> way = new ArrayList<>(failing);
      way.addAll(own);
      ways.add(way);
      if (fails(operand)) {
        failing.addAll(own);
      }
    }
    return ways.stream().min(CLOSEST_FIRST).orElse(List.of());
  }

  private boolean fails(Node node) {
    return Tracer.truth(tracer.trace(node).finding(), "") instanceof Finding.Failed;
  }

  private List<Miss> condition(Node node, boolean wanted) {
    Trace trace = tracer.trace(node);
    if (Tracer.truth(trace.finding(), "") instanceof Finding.Known(Object is)
        && Boolean.TRUE.equals(is) == wanted) {
      return List.of();
    }
    Gap gap = node instanceof Node.Comparing comparing ? gap(comparing, trace, wanted) : null;
    return List.of(new Miss(trace, wanted, gap));
  }

  private @Nullable Gap gap(Node.Comparing comparing, Trace trace, boolean wanted) {
    Number left = number(trace.parts().getFirst());
    Number right = number(trace.parts().getLast());
    if (left == null || right == null) {
      return null;
    }
    Relation relation = wanted ? comparing.relation() : comparing.relation().negated();
    if (relation == Relation.UNEQUAL) {
      return null;
    }
    boolean turned = !readsFields(comparing.left()) && readsFields(comparing.right());
    return turned ? gap(right, relation.mirrored(), left) : gap(left, relation, right);
  }

  private @Nullable Gap gap(Number actual, Relation relation, Number needed) {
    try {
      return arithmetic.subtract(needed, actual) instanceof Number difference
          ? new Gap(actual, relation.symbol(), needed, difference)
          : null;
    } catch (EvaluationFailure _) {
      return null;
    }
  }

  private static @Nullable Number number(Trace part) {
    return part.finding() instanceof Finding.Known(Number number) ? number : null;
  }

  private static boolean readsFields(Node node) {
    return node instanceof Node.Field || node.parts().stream().anyMatch(NearestMiss::readsFields);
  }

  /** How far the farthest number of a branch is, from 0 to 2, where 1 is as far as zero is. */
  private static BigDecimal largestRatio(List<Miss> misses) {
    BigDecimal largest = BigDecimal.ZERO;
    for (Miss miss : misses) {
      Gap gap = miss.gap();
      if (gap != null) {
        largest = largest.max(ratio(gap));
      }
    }
    return largest;
  }

  private static BigDecimal ratio(Gap gap) {
    BigDecimal size =
        Comparison.decimal(gap.actual()).abs().max(Comparison.decimal(gap.needed()).abs());
    return size.signum() == 0
        ? BigDecimal.ZERO
        : Comparison.decimal(gap.difference()).abs().divide(size, MathContext.DECIMAL32);
  }
}
