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

  private static final Set<Kind> TEXT = Set.of(Kind.TEXT);
  private static final Set<Function> DATES =
      Set.of(Function.NOW, Function.DATE, Function.PLUS_DAYS);
  static final String DATES_HINT =
      "; days between dates are daysBetween(a, b), and other days plusDays(d, 30)";

  private static final int CHANGED_WEIGHT = 60;

  /**
   * Of a comparison with a constant: the constants of a calculation are no longer than its text.
   */
  private static final int COMPARISON_WEIGHT = 1;

  /** Of a comparison of two values that only an event tells: both may be as long as the limits. */
  private static final int OPEN_COMPARISON_WEIGHT = 10;

  private static final int LIST_WEIGHT = 4;

  /** Of one step of a search among numbers, of which there are as many as their count has bits. */
  private static final int SEARCH_STEP_WEIGHT = 5;

  private final int nodesMax;
  private final int listMax;

  /** So far; the rest is counted too when the limit is passed. */
  private long nodes;

  private @Nullable Node passingLimit;

  TreeBuilder(CalculationLimits limits) {
    nodesMax = limits.nodesMax();
    listMax = limits.listMax();
  }

  /** The whole calculation, which must be able to be true. */
  Node calculation(Node root) {
    if (passingLimit != null) {
      throw tooMany(passingLimit, "");
    }
    if (!root.kinds().contains(Kind.BOOLEAN)) {
      String given = root.kinds().isEmpty() ? "null" : Kind.words(root.kinds());
      throw new Refusal(
          root.span().at(),
          "a calculation must give true or false, and this always gives %s".formatted(given));
    }
    return root;
  }

  Node literal(@Nullable Object value, Span span) {
    return counted(1, new Node.Literal(value, span));
  }

  Node field(FieldPath path, Span span) {
    return counted(path.steps().size(), new Node.Field(path, span));
  }

  Node any(List<Node> operands, Span span) {
    operands.forEach(operand -> require(operand, BOOLEAN, "OR needs true or false on both sides"));
    return counted(operands.size() - 1, new Node.Any(operands, span));
  }

  Node all(List<Node> operands, Span span) {
    operands.forEach(operand -> require(operand, BOOLEAN, "AND needs true or false on both sides"));
    return counted(operands.size() - 1, new Node.All(operands, span));
  }

  Node not(Node operand, Span span) {
    require(operand, BOOLEAN, "NOT needs true or false");
    return counted(1, new Node.Not(operand, span));
  }

  Node comparing(Relation relation, Node left, Node right, Span span) {
    int weight = isConstant(left) || isConstant(right) ? COMPARISON_WEIGHT : OPEN_COMPARISON_WEIGHT;
    return counted(weight, new Node.Comparing(relation, left, right, span));
  }

  Node membership(Node value, List<Node> list, Span span) {
    if (list.size() > listMax) {
      throw new Refusal(span.at(), "a list may have %d values at most".formatted(listMax));
    }
    int weight =
        list.stream().allMatch(TreeBuilder::isConstant)
            ? LIST_WEIGHT + searchWeight(list)
            : OPEN_COMPARISON_WEIGHT * list.size();
    return counted(weight, new Node.Membership(value, list, span));
  }

  Node computing(Operation operation, Node left, Node right, Span span) {
    String need =
        operation == Operation.ADD
            ? "'+' needs two numbers or two texts"
            : "'%s' needs numbers".formatted(operation.symbol());
    Set<Kind> taken = operation == Operation.ADD ? ADDABLE : NUMBER;
    String hint = isDate(left) || isDate(right) ? DATES_HINT : "";
    require(left, taken, need, hint);
    require(right, common(left.kinds(), taken), need, hint);
    Set<Kind> kinds = common(right.kinds(), common(left.kinds(), taken));
    boolean alwaysNull = left.kinds().isEmpty() || right.kinds().isEmpty();
    return counted(
        operation.weight(),
        new Node.Computing(operation, left, right, alwaysNull ? Set.of() : kinds, span));
  }

  Node signed(boolean negative, Node operand, Span span) {
    require(operand, NUMBER, "a sign needs a number");
    return counted(1, new Node.Signed(negative, operand, span));
  }

  Node choice(Node condition, Node then, Node otherwise, Span span) {
    require(condition, BOOLEAN, "'?' needs true or false before it");
    return counted(1, new Node.Choice(condition, then, otherwise, span));
  }

  Node fallback(Node value, Node otherwise, Span span) {
    return counted(1, new Node.Fallback(value, otherwise, span));
  }

  /**
   * What is written like a call: a name or a cast, and arguments.
   *
   * @param name of a function that there is
   */
  Node call(String name, List<Node> arguments, Span span) {
    return switch (name) {
      case "isnull" -> {
        requireArguments(name, Function.Arity.TWO, arguments, span);
        yield fallback(arguments.getFirst(), arguments.getLast(), span);
      }
      case "IN", "in" -> {
        requireArguments(name, Function.Arity.TWO_OR_MORE, arguments, span);
        yield membership(arguments.getFirst(), arguments.subList(1, arguments.size()), span);
      }
      case "Math.pow" -> {
        requireArguments(name, Function.Arity.TWO, arguments, span);
        yield computing(Operation.POWER, arguments.getFirst(), arguments.getLast(), span);
      }
      case "changed" -> changed(arguments, span);
      case "matches" -> matching(arguments, span);
      default -> function(name, arguments, span);
    };
  }

  private Node changed(List<Node> arguments, Span span) {
    requireArguments("changed", Function.Arity.ONE, arguments, span);
    if (!(arguments.getFirst() instanceof Node.Field field)) {
      throw new Refusal(
          arguments.getFirst().span().at(), "changed needs a field, such as new.currency");
    }
    return counted(CHANGED_WEIGHT, new Node.Changed(field.path().steps(), field.span(), span));
  }

  private Node matching(List<Node> arguments, Span span) {
    requireArguments("matches", Function.Arity.TWO, arguments, span);
    require(arguments.getFirst(), TEXT, "matches needs a text");
    Position at = arguments.getLast().span().at();
    if (!(arguments.getLast() instanceof Node.Literal literal)
        || !(literal.value() instanceof String source)) {
      throw new Refusal(at, "matches needs a pattern in quotes as its second argument");
    }
    if (passingLimit != null) {
      throw tooMany(passingLimit, "at least "); // the limit bounds what patterns are compiled, too
    }
    TextPattern pattern = TextPattern.of(source, at);
    return counted(pattern.weight(), new Node.Matching(arguments.getFirst(), pattern, span));
  }

  private Node function(String name, List<Node> arguments, Span span) {
    Function function = Function.of(name);
    requireArguments(name, function.arity(), arguments, span);
    for (int i = 0; i < arguments.size(); i++) {
      Set<Kind> taken = function.taken(i);
      require(arguments.get(i), taken, name + " needs " + Kind.words(taken));
    }
    int times = Math.max(1, arguments.size() - function.arity().min() + 1);
    return counted(function.weight() * times, new Node.Call(function, arguments, span));
  }

  private static int searchWeight(List<Node> constants) {
    int numbers = 0;
    for (Node constant : constants) {
      numbers += constant.kinds().equals(NUMBER) ? 1 : 0;
    }
    return SEARCH_STEP_WEIGHT * (Integer.SIZE - Integer.numberOfLeadingZeros(numbers));
  }

  /** Whether a value stands in the text itself, perhaps with a sign. */
  private static boolean isConstant(Node node) {
    return node instanceof Node.Literal
        || (node instanceof Node.Signed signed && isConstant(signed.operand()));
  }

  private static void requireArguments(
      String name, Function.Arity arity, List<Node> arguments, Span span) {
    if (!arity.takes(arguments.size())) {
      throw new Refusal(
          span.at(),
          "%s takes %s, and here it has %d".formatted(name, arity.words(), arguments.size()));
    }
  }

  /** Refuses an operand that is of no such kind; one that is always null fits everywhere. */
  private static void require(Node operand, Set<Kind> taken, String need) {
    require(operand, taken, need, "");
  }

  private static void require(Node operand, Set<Kind> taken, String need, String hint) {
    if (!operand.kinds().isEmpty() && common(operand.kinds(), taken).isEmpty()) {
      throw new Refusal(
          operand.span().at(), need + ", and this is " + Kind.words(operand.kinds()) + hint);
    }
  }

  /** Whether a value is made by a function that gives dates. */
  static boolean isDate(Node node) {
    return node instanceof Node.Call call && DATES.contains(call.function());
  }

  /** The kinds in both sets; an operand that is always null, with no kind, narrows nothing. */
  private static Set<Kind> common(Set<Kind> kinds, Set<Kind> taken) {
    if (kinds.isEmpty()) {
      return taken;
    }
    return Set.copyOf(taken.stream().filter(kinds::contains).toList());
  }

  private <N extends Node> N counted(int weight, N node) {
    nodes += weight;
    if (nodes > nodesMax && passingLimit == null) {
      passingLimit = node;
    }
    return node;
  }

  private Refusal tooMany(Node passing, String atLeast) {
    String pattern =
        passing instanceof Node.Matching matching
            ? ", of which its pattern is " + matching.pattern().weight()
            : "";
    return new Refusal(
        passing.span().at(),
        "the calculation has %s%d parts, more than the %d allowed; here the limit is passed%s"
            .formatted(atLeast, nodes, nodesMax, pattern));
  }
}
