package dev.tocsin.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prints a checked tree as an expression of ordinary, dynamic Groovy over two maps, {@code n} and
 * {@code o}. Where the language differs from Groovy on purpose, the expression calls a guard of
 * {@code ordinary-groovy.txt}, one for each deviation that {@code docs/calculations.md} lists;
 * everything else is Groovy's own.
 */
final class OrdinaryGroovy {
  private int variables;

  /** The statements of a method {@code (n, o, time)}. */
  static String statements(Node root) {
    OrdinaryGroovy printer = new OrdinaryGroovy();
    String expression = printer.print(root);
    StringBuilder statements = new StringBuilder();
    for (int i = 0; i < printer.variables; i++) {
      statements.append("def v").append(i).append("; ");
    }
    return statements.append("(").append(expression).append(") ? true : false").toString();
  }

  private String print(Node node) {
    return switch (node) {
      case Node.Literal literal -> literal(literal.value());
      case Node.Field field -> field(side(field.path()), field.path().steps());
      case Node.Any any -> joined(" || ", any.operands());
      case Node.All all -> joined(" && ", all.operands());
      case Node.Not not -> "!(" + print(not.operand()) + ")";
      case Node.Comparing comparing -> comparing(comparing);
      case Node.Membership membership -> membership(membership);
      case Node.Changed changed ->
          "(%s != %s)".formatted(field("n", changed.steps()), field("o", changed.steps()));
      case Node.Matching matching ->
          "(%s ==~ %s)".formatted(print(matching.value()), quoted(matching.pattern().source()));
      case Node.Computing computing -> computing(computing);
      case Node.Signed signed ->
          "%s(%s)".formatted(signed.negative() ? "minus" : "plus", print(signed.operand()));
      case Node.Call call -> call(call);
      case Node.Choice choice ->
          "(%s ? %s : %s)"
              .formatted(
                  print(choice.condition()), print(choice.then()), print(choice.otherwise()));
      case Node.Fallback fallback -> {
        String known = "v" + variables++;
        yield "((%s = %s) != null ? %s : %s)"
            .formatted(known, print(fallback.value()), known, print(fallback.otherwise()));
      }
    };
  }

  private static String side(FieldPath path) {
    return path.side() == FieldPath.Side.NEW ? "n" : "o";
  }

  private static String field(String side, List<String> steps) {
    String field = side + "?." + steps.getFirst();
    for (String step : steps.subList(1, steps.size())) {
      field = "step(%s, %s)".formatted(field, quoted(step));
    }
    return field;
  }

  private String joined(String operator, List<Node> operands) {
    return operands.stream()
        .map(operand -> print(operand))
        .collect(Collectors.joining(operator, "(", ")"));
  }

  private String comparing(Node.Comparing comparing) {
    String left = print(comparing.left());
    String right = print(comparing.right());
    return switch (comparing.relation()) {
      case EQUAL -> "same(%s, %s)".formatted(left, right);
      case UNEQUAL -> "!same(%s, %s)".formatted(left, right);
      case LESS -> "less(%s, %s)".formatted(left, right);
      case AT_MOST -> "atMost(%s, %s)".formatted(left, right);
      case MORE -> "more(%s, %s)".formatted(left, right);
      case AT_LEAST -> "atLeast(%s, %s)".formatted(left, right);
    };
  }

  private String membership(Node.Membership membership) {
    String wanted = "v" + variables++;
    List<String> tests = new ArrayList<>();
    String value = "(%s = %s)".formatted(wanted, print(membership.value()));
    for (Node item : membership.list()) {
      tests.add("same(%s, %s)".formatted(tests.isEmpty() ? value : wanted, print(item)));
    }
    return "(" + String.join(" || ", tests) + ")";
  }

  private String computing(Node.Computing computing) {
    String guard =
        switch (computing.operation()) {
          case ADD -> "sum";
          case SUBTRACT -> "difference";
          case MULTIPLY -> "product";
          case DIVIDE -> "quotient";
          case REMAINDER -> "remainder";
          case POWER -> "power";
        };
    return "%s(%s, %s)".formatted(guard, print(computing.left()), print(computing.right()));
  }

  private String call(Node.Call call) {
    String arguments =
        call.arguments().stream()
            .map(argument -> print(argument))
            .collect(Collectors.joining(", "));
    return switch (call.function()) {
      case MAX, MIN -> "f%s([%s])".formatted(call.function(), arguments);
      case NOW -> "fNOW(time)";
      default -> "f%s(%s)".formatted(call.function(), arguments);
    };
  }

  private static String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Number number -> "(" + number + "G)";
      case String text -> quoted(text);
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
