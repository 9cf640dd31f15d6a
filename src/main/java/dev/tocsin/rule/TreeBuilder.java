package dev.tocsin.rule;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the nodes of one calculation: counts them, and refuses an operation on operands that can
 * never be of a kind it takes. What only the fields' values can tell is left to the evaluation.
 */
final class TreeBuilder {
  private static final Set<Kind> NUMBER = Set.of(Kind.NUMBER);
  private static final Set<Kind> BOOLEAN = Set.of(Kind.BOOLEAN);
  private static final Set<Kind> ADDABLE = Set.of(Kind.NUMBER, Kind.TEXT);

  private final int nodesMax;
  private final int listMax;
  private int nodes;

  TreeBuilder(CalculationLimits limits) {
    nodesMax = limits.nodesMax();
    listMax = limits.listMax();
  }

  /** The whole calculation, which must be able to be true. */
  Node calculation(Node root) {
    if (!root.kinds().contains(Kind.BOOLEAN)) {
      String given = root.kinds().isEmpty() ? "null" : words(root.kinds());
      throw new Refusal(
          root.at(),
          "a calculation must give true or false, and this always gives %s".formatted(given));
    }
    return root;
  }

  Node literal(@Nullable Object value, Position at) {
    return counted(1, new Node.Literal(value, at));
  }

  Node field(FieldPath path, Position at) {
    return counted(path.steps().size(), new Node.Field(path, at));
  }

  Node any(List<Node> operands, Position at) {
    operands.forEach(operand -> require(operand, BOOLEAN, "OR needs true or false on both sides"));
    return counted(operands.size() - 1, new Node.Any(operands, at));
  }

  Node all(List<Node> operands, Position at) {
    operands.forEach(operand -> require(operand, BOOLEAN, "AND needs true or false on both sides"));
    return counted(operands.size() - 1, new Node.All(operands, at));
  }

  Node not(Node operand, Position at) {
    require(operand, BOOLEAN, "NOT needs true or false");
    return counted(1, new Node.Not(operand, at));
  }

  Node comparing(Relation relation, Node left, Node right, Position at) {
    return counted(1, new Node.Comparing(relation, left, right, at));
  }

  Node membership(Node value, List<Node> list, Position at) {
    if (list.size() > listMax) {
      throw new Refusal(at, "a list may have %d values at most".formatted(listMax));
    }
    return counted(1, new Node.Membership(value, list, at));
  }

  Node computing(Operation operation, Node left, Node right, Position at) {
    String need =
        operation == Operation.ADD
            ? "'+' needs two numbers or two texts"
            : "'%s' needs numbers".formatted(operation.symbol());
    Set<Kind> taken = operation == Operation.ADD ? ADDABLE : NUMBER;
    require(left, taken, need);
    require(right, common(left.kinds(), taken), need);
    Set<Kind> kinds = common(right.kinds(), common(left.kinds(), taken));
    boolean alwaysNull = left.kinds().isEmpty() || right.kinds().isEmpty();
    return counted(
        operation.weight(),
        new Node.Computing(operation, left, right, alwaysNull ? Set.of() : kinds, at));
  }

  Node signed(boolean negative, Node operand, Position at) {
    require(operand, NUMBER, "a sign needs a number");
    return counted(1, new Node.Signed(negative, operand, at));
  }

  Node choice(Node condition, Node then, Node otherwise, Position at) {
    require(condition, BOOLEAN, "'?' needs true or false before it");
    return counted(1, new Node.Choice(condition, then, otherwise, at));
  }

  Node fallback(Node value, Node otherwise, Position at) {
    return counted(1, new Node.Fallback(value, otherwise, at));
  }

  /** Refuses an operand that is of no such kind; one that is always null fits everywhere. */
  private static void require(Node operand, Set<Kind> taken, String need) {
    if (!operand.kinds().isEmpty() && common(operand.kinds(), taken).isEmpty()) {
      throw new Refusal(operand.at(), need + ", and this is " + words(operand.kinds()));
    }
  }

  /** The kinds in both sets; an operand that is always null, with no kind, narrows nothing. */
  private static Set<Kind> common(Set<Kind> kinds, Set<Kind> taken) {
    if (kinds.isEmpty()) {
      return taken;
    }
    return Set.copyOf(taken.stream().filter(kinds::contains).toList());
  }

  private static String words(Set<Kind> kinds) {
    return String.join(" or ", kinds.stream().sorted().map(Kind::words).toList());
  }

  private <N extends Node> N counted(int weight, N node) {
    nodes += weight;
    if (nodes > nodesMax) {
      throw new Refusal(
          node.at(), "the calculation has more parts than the %d allowed".formatted(nodesMax));
    }
    return node;
  }
}
