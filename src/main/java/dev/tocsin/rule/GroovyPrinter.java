package dev.tocsin.rule;

import dev.tocsin.rule.GroovyConstants.Slot;
import dev.tocsin.rule.Term.Constant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prints a checked tree as a Groovy class, whose one expression calls what the closures call, in
 * the same order.
 *
 * <p>The author's part of the calculation, its constants, names of fields and patterns, is handed
 * over as {@link Constants} and is nowhere in the text. Every call has one method that it can mean,
 * and every operand is an {@code Object} or a {@code boolean}, so that static compilation leaves
 * nothing to be decided at run time.
 */
final class GroovyPrinter {
  private final Closures closures;
  private final GroovyConstants constants;
  private final FieldVariables fields;
  private final String arithmetic;
  private final String comparison;
  private int variables;

  private GroovyPrinter(Node root, Closures closures, GroovyConstants constants) {
    this.fields = new FieldVariables(root, this::variable);
    this.closures = closures;
    this.constants = constants;
    arithmetic = constants.name(Slot.ARITHMETIC, closures.arithmetic());
    comparison = constants.name(Slot.COMPARISON, closures.comparison());
  }

  /** How many expressions of the printed class a tree becomes; a field is one for each step. */
  static int parts(Node tree) {
    int parts = 0;
    // Not by recursion: it is asked of every tree, however deep, before anything else is.
    Deque<Node> left = new ArrayDeque<>(List.of(tree));
    while (!left.isEmpty()) {
      Node node = left.pop();
      parts += node instanceof Node.Field field ? field.path().steps().size() : 1;
      node.parts().forEach(left::push);
    }
    return parts;
  }

  /**
   * The class of a calculation.
   *
   * @param name of the class, which no other has that is compiled with it
   */
  static GroovySource print(Node root, CalculationLimits limits, String name) {
    GroovyConstants constants = new GroovyConstants();
    String method = method(root, new Closures(limits), constants, "holds");
    String text =
        """
        @CompileStatic
        @POJO
        final class %s implements Condition {
        %s
        %s}
        """
            .formatted(name, constants.declarations(), method);
    return new GroovySource(name, text, constants.values());
  }

  /**
   * The method of a calculation.
   *
   * @param constants of the class that it becomes part of; what it needs is added
   * @param name of the method
   */
  static String method(Node root, Closures closures, GroovyConstants constants, String name) {
    return new GroovyPrinter(root, closures, constants).method(root, name);
  }

  private String method(Node root, String name) {
    String expression = condition(root, Closures.ROOT_NEED);
    StringBuilder variableLines = new StringBuilder();
    for (int i = 0; i < variables; i++) {
      variableLines.append("    Object v").append(i).append(" = null\n");
    }
    return """
      boolean %s(Change change) {
        Map<String, Object> after = FieldPath.fields(change.after())
        Map<String, Object> before = FieldPath.fields(change.before())
    %s    return %s
      }
    """
        .formatted(name, variableLines, expression);
  }

  /** An expression that is a {@code boolean}. */
  private String condition(Node node, String need) {
    return switch (node) {
      case Node.Proposition proposition -> proposition(proposition);
      case Node.Choice choice -> choice(choice, branch -> condition(branch, need));
      case Node.Literal _,
          Node.Field _,
          Node.Computing _,
          Node.Signed _,
          Node.Fallback _,
          Node.Call _ ->
          "Closures.truth(%s, %s)".formatted(term(node), constants.name(Slot.TEXT, need));
    };
  }

  private String proposition(Node.Proposition proposition) {
    return switch (proposition) {
      case Node.Any any -> joined(" || ", conditions(any.operands(), Closures.OR_NEED));
      case Node.All all -> joined(" && ", conditions(all.operands(), Closures.AND_NEED));
      case Node.Not not -> "!(" + condition(not.operand(), Closures.NOT_NEED) + ")";
      case Node.Comparing comparing -> comparing(comparing);
      case Node.Membership membership -> membership(membership);
      case Node.Changed changed ->
          constants.name(Slot.CONDITION, closures.functions().changed(changed.steps()))
              + ".holds(change)";
      case Node.Matching matching ->
          "%s.fits(%s, %s)"
              .formatted(
                  constants.name(Slot.FUNCTIONS, closures.functions()),
                  term(matching.value()),
                  constants.name(Slot.PATTERN, matching.pattern()));
    };
  }

  /** Of several, of which only the first is computed for certain. */
  private List<String> conditions(List<Node> operands, String need) {
    List<String> printed = new ArrayList<>();
    printed.add(condition(operands.getFirst(), need));
    Set<FieldPath> certain = fields.read();
    operands.stream().skip(1).forEach(operand -> printed.add(condition(operand, need)));
    fields.back(certain);
    return printed;
  }

  /** As {@link RelationClosures} chooses: the most of what rules do is done without a look-up. */
  private String comparing(Node.Comparing comparing) {
    Term left = closures.term(comparing.left());
    Term right = closures.term(comparing.right());
    if (left instanceof FieldPath field && right instanceof Constant(Object constant)) {
      return ofField(comparing.relation(), field, constant);
    }
    if (left instanceof Constant(Object constant) && right instanceof FieldPath field) {
      return ofField(comparing.relation().mirrored(), field, constant);
    }
    return general(comparing.relation(), term(comparing.left()), term(comparing.right()));
  }

  private String ofField(Relation relation, FieldPath path, @Nullable Object constant) {
    String field = field(path);
    Whole whole = constant instanceof Number number ? Whole.of(number) : null;
    if (whole != null) {
      return ofWhole(relation, field, constants.name(Slot.WHOLE, whole));
    }
    if (relation == Relation.EQUAL || relation == Relation.UNEQUAL) {
      String not = relation == Relation.UNEQUAL ? "!" : "";
      if (constant == null) {
        return "(%s %s null)".formatted(field, relation.symbol());
      }
      if (constant instanceof String text && closures.comparison().isShort(text)) {
        return "%s%s.equals(%s)".formatted(not, constants.name(Slot.TEXT, text), field);
      }
    }
    return general(relation, field, constants.name(Slot.VALUE, constant));
  }

  private static String ofWhole(Relation relation, String field, String whole) {
    return switch (relation) {
      case EQUAL -> "%s.is(%s)".formatted(whole, field);
      case UNEQUAL -> "!%s.is(%s)".formatted(whole, field);
      case LESS -> "%s.isAbove(%s)".formatted(whole, field);
      case AT_MOST -> "%s.isAtLeast(%s)".formatted(whole, field);
      case MORE -> "%s.isBelow(%s)".formatted(whole, field);
      case AT_LEAST -> "%s.isAtMost(%s)".formatted(whole, field);
    };
  }

  private String general(Relation relation, String left, String right) {
    String method =
        switch (relation) {
          case EQUAL, UNEQUAL -> "equal";
          case LESS -> "less";
          case AT_MOST -> "atMost";
          case MORE -> "more";
          case AT_LEAST -> "atLeast";
        };
    String not = relation == Relation.UNEQUAL ? "!" : "";
    return "%s%s.%s(%s, %s)".formatted(not, comparison, method, left, right);
  }

  private String membership(Node.Membership membership) {
    String value = term(membership.value());
    List<Term> list = membership.list().stream().map(closures::term).toList();
    if (list.stream().allMatch(Constant.class::isInstance)) {
      return "%s.contains(%s)"
          .formatted(constants.name(Slot.SET, ConstantSet.of(list, closures.comparison())), value);
    }
    String wanted = variable();
    List<String> compared = new ArrayList<>();
    Set<FieldPath> certain = fields.read();
    for (Node item : membership.list()) {
      // The first that is compared computes the value.
      String left = compared.isEmpty() ? "(%s = %s)".formatted(wanted, value) : wanted;
      compared.add("%s.equal(%s, %s)".formatted(comparison, left, term(item)));
    }
    fields.back(certain);
    return joined(" || ", compared);
  }

  /** An expression that is an {@code Object}. */
  private String term(Node node) {
    if (closures.term(node) instanceof Constant(Object constant)) {
      return constants.name(Slot.VALUE, constant);
    }
    return switch (node) {
      case Node.Literal literal -> constants.name(Slot.VALUE, literal.value());
      case Node.Field field -> field(field.path());
      case Node.Proposition proposition ->
          "Boolean.valueOf(%s)".formatted(proposition(proposition));
      case Node.Computing computing -> computing(computing);
      case Node.Signed signed ->
          "%s.%s(%s)"
              .formatted(arithmetic, signed.negative() ? "negate" : "plus", term(signed.operand()));
      case Node.Call call -> call(call);
      case Node.Choice choice -> choice(choice, this::term);
      case Node.Fallback fallback -> {
        String known = variable();
        String value = term(fallback.value());
        Set<FieldPath> certain = fields.read();
        String otherwise = term(fallback.otherwise());
        fields.back(certain);
        yield "((%s = %s) != null ? %s : %s)".formatted(known, value, known, otherwise);
      }
    };
  }

  /**
   * Read here and not by the path itself, so that the JIT sees of each calculation apart what its
   * fields are read from.
   */
  private String field(FieldPath path) {
    String state =
        switch (path.side()) {
          case NEW -> "after";
          case OLD -> "before";
        };
    List<String> steps = path.steps();
    String field = "%s.get(%s)".formatted(state, constants.name(Slot.TEXT, steps.getFirst()));
    for (String step : steps.subList(1, steps.size())) {
      field = "FieldPath.step(%s, %s)".formatted(field, constants.name(Slot.TEXT, step));
    }
    return fields.of(path, field);
  }

  private String computing(Node.Computing computing) {
    String method =
        switch (computing.operation()) {
          case ADD -> "add";
          case SUBTRACT -> "subtract";
          case MULTIPLY -> "multiply";
          case DIVIDE -> "divide";
          case REMAINDER -> "remainder";
          case POWER -> "power";
        };
    return "%s.%s(%s, %s)"
        .formatted(arithmetic, method, term(computing.left()), term(computing.right()));
  }

  private String call(Node.Call call) {
    return switch (closures.functions().meaning(call.function())) {
      case Functions.Unary unary ->
          applied(constants.name(Slot.UNARY, unary), term(call.arguments().getFirst()));
      case Functions.Binary binary ->
          Stream.concat(
                  call.arguments().stream().map(this::term),
                  call.arguments().size() == 1
                      ? Stream.of(constants.name(Slot.VALUE, Functions.NO_PLACES))
                      : Stream.of())
              .reduce((first, second) ->
                  applied(constants.name(Slot.BINARY, binary), first + ", " + second))
              .orElseThrow();
      case Functions.OfChange time -> constants.name(Slot.OF_CHANGE, time) + ".of(change)";
    };
  }

  private static String applied(String function, String arguments) {
    return "Functions.applied(%s, %s)".formatted(function, arguments);
  }

  private String choice(Node.Choice choice, BranchPrinter branch) {
    String condition = condition(choice.condition(), Closures.CHOICE_NEED);
    Set<FieldPath> certain = fields.read();
    String then = branch.print(choice.then());
    fields.back(certain);
    String otherwise = branch.print(choice.otherwise());
    fields.back(certain);
    return "(%s ? %s : %s)".formatted(condition, then, otherwise);
  }

  private String variable() {
    return "v" + variables++;
  }

  /**
   * Operands in their order, with as few parentheses within each other as can be: the compiler
   * descends into each.
   */
  private static String joined(String operator, List<String> operands) {
    if (operands.size() == 1) {
      return operands.getFirst();
    }
    int middle = operands.size() / 2;
    return "(%s%s%s)"
        .formatted(
            joined(operator, operands.subList(0, middle)),
            operator,
            joined(operator, operands.subList(middle, operands.size())));
  }

  /** How a branch is printed, as its place takes it. */
  @FunctionalInterface
  private interface BranchPrinter {
    String print(Node node);
  }
}
