package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.rule.Term.Constant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Composes a tree's closures: each node becomes a closure over its children's, chosen for what is
 * known of them, so that an evaluation looks nothing up and decides nothing twice.
 *
 * <p>A node that must be true or false becomes a {@link Condition}, which boxes nothing; the others
 * become a {@link Term}. Arithmetic on constants is computed here, once, unless it fails: then it
 * fails again whenever it is reached.
 */
final class Closures {
  /** How the reason begins when a value stands where true or false has to. */
  static final String ROOT_NEED = "a calculation must give";

  static final String OR_NEED = "OR needs";
  static final String AND_NEED = "AND needs";
  static final String NOT_NEED = "NOT needs";
  static final String CHOICE_NEED = "'?' needs";

  /** More operations in a row than rules have. */
  private static final int NESTED_MAX = 16;

  private static final Change NO_CHANGE = new Change(Instant.EPOCH, null, null);

  private final Arithmetic arithmetic;
  private final Functions functions;
  private final Comparison comparison;
  private final RelationClosures relations;

  Closures(CalculationLimits limits) {
    this.arithmetic = new Arithmetic(limits);
    this.comparison = new Comparison(limits);
    this.functions = new Functions(limits, arithmetic, comparison);
    this.relations = new RelationClosures(comparison);
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  Functions functions() {
    return functions;
  }

  Comparison comparison() {
    return comparison;
  }

  /** The whole calculation. */
  Condition calculation(Node root) {
    return condition(root, ROOT_NEED);
  }

  /**
   * A node whose value counts as true or false; null counts as false.
   *
   * @param need the beginning of the reason for a value that is neither
   */
  private Condition condition(Node node, String need) {
    return switch (node) {
      case Node.Proposition proposition -> proposition(proposition);
      case Node.Choice choice -> {
        Condition condition = choiceCondition(choice);
        Condition then = condition(choice.then(), need);
        Condition otherwise = condition(choice.otherwise(), need);
        yield change -> condition.holds(change) ? then.holds(change) : otherwise.holds(change);
      }
      case Node.Literal _,
          Node.Field _,
          Node.Computing _,
          Node.Signed _,
          Node.Fallback _,
          Node.Call _ -> {
        Term term = term(node);
        yield change -> truth(term.value(change), need);
      }
    };
  }

  private Condition proposition(Node.Proposition proposition) {
    return switch (proposition) {
      case Node.Any any -> any(conditions(any.operands(), OR_NEED));
      case Node.All all -> all(conditions(all.operands(), AND_NEED));
      case Node.Not not -> {
        Condition operand = condition(not.operand(), NOT_NEED);
        yield change -> !operand.holds(change);
      }
      case Node.Comparing comparing ->
          relations.of(comparing.relation(), term(comparing.left()), term(comparing.right()));
      case Node.Membership membership -> membership(membership);
      case Node.Changed changed -> functions.changed(changed.steps());
      case Node.Matching matching -> functions.matching(term(matching.value()), matching.pattern());
    };
  }

  private Condition[] conditions(List<Node> operands, String need) {
    return operands.stream().map(operand -> condition(operand, need)).toArray(Condition[]::new);
  }

  private static Condition any(Condition[] operands) {
    if (operands.length == 2) {
      Condition first = operands[0];
      Condition second = operands[1];
      return change -> first.holds(change) || second.holds(change);
    }
    return change -> {
      for (Condition operand : operands) {
        if (operand.holds(change)) {
          return true;
        }
      }
      return false;
    };
  }

  private static Condition all(Condition[] operands) {
    if (operands.length == 2) {
      Condition first = operands[0];
      Condition second = operands[1];
      return change -> first.holds(change) && second.holds(change);
    }
    return change -> {
      for (Condition operand : operands) {
        if (!operand.holds(change)) {
          return false;
        }
      }
      return true;
    };
  }

  private Condition membership(Node.Membership membership) {
    Term value = term(membership.value());
    List<Term> list = membership.list().stream().map(this::term).toList();
    if (list.stream().allMatch(Constant.class::isInstance)) {
      ConstantSet constants = ConstantSet.of(list, comparison);
      return change -> constants.contains(value.value(change));
    }
    Comparison on = comparison;
    return change -> {
      Object wanted = value.value(change);
      for (Term term : list) {
        if (on.equal(wanted, term.value(change))) {
          return true;
        }
      }
      return false;
    };
  }

  /** A node whose value is wanted. */
  Term term(Node node) {
    return switch (node) {
      case Node.Literal literal -> new Constant(literal.value());
      case Node.Field field -> field.path();
      case Node.Proposition proposition -> {
        Condition condition = proposition(proposition);
        yield condition::holds;
      }
      case Node.Computing computing -> computing(computing);
      case Node.Signed signed -> signed(signed.negative(), term(signed.operand()));
      case Node.Call call -> call(call);
      case Node.Choice choice -> {
        Condition condition = choiceCondition(choice);
        Term then = term(choice.then());
        Term otherwise = term(choice.otherwise());
        yield change -> condition.holds(change) ? then.value(change) : otherwise.value(change);
      }
      case Node.Fallback fallback -> {
        Term value = term(fallback.value());
        Term otherwise = term(fallback.otherwise());
        yield change -> {
          Object known = value.value(change);
          return known != null ? known : otherwise.value(change);
        };
      }
    };
  }

  private Condition choiceCondition(Node.Choice choice) {
    return condition(choice.condition(), CHOICE_NEED);
  }

  private Term computing(Node.Computing computing) {
    List<Node.Computing> chain = chain(computing);
    return chain.size() > NESTED_MAX
        ? chained(chain)
        : computing(computing.operation(), term(computing.left()), term(computing.right()));
  }

  /** What computes on what the one before it computes, beginning with the first. */
  private static List<Node.Computing> chain(Node.Computing last) {
    List<Node.Computing> chain = new ArrayList<>();
    Node node = last;
    while (node instanceof Node.Computing computing) {
      chain.add(computing);
      node = computing.left();
    }
    return chain.reversed();
  }

  /** In a loop: a failure takes its time in each of hundreds of closures that it leaves. */
  private Term chained(List<Node.Computing> chain) {
    Term first = term(chain.getFirst().left());
    Term[] others = new Term[chain.size()];
    Operation[] operations = new Operation[chain.size()];
    for (int i = 0; i < others.length; i++) {
      others[i] = term(chain.get(i).right());
      operations[i] = chain.get(i).operation();
    }
    Arithmetic on = arithmetic;
    Term chained =
        change -> {
          Object value = first.value(change);
          for (int i = 0; i < others.length; i++) {
            value = on.compute(operations[i], value, others[i].value(change));
          }
          return value;
        };
    boolean constant =
        first instanceof Constant && Arrays.stream(others).allMatch(Constant.class::isInstance);
    return constant ? computedOnce(chained) : chained;
  }

  private Term computing(Operation operation, Term left, Term right) {
    Arithmetic on = arithmetic;
    Term computing =
        switch (operation) {
          case ADD -> change -> on.add(left.value(change), right.value(change));
          case SUBTRACT -> change -> on.subtract(left.value(change), right.value(change));
          case MULTIPLY -> change -> on.multiply(left.value(change), right.value(change));
          case DIVIDE -> change -> on.divide(left.value(change), right.value(change));
          case REMAINDER -> change -> on.remainder(left.value(change), right.value(change));
          case POWER -> change -> on.power(left.value(change), right.value(change));
        };
    boolean constant = left instanceof Constant && right instanceof Constant;
    return constant ? computedOnce(computing) : computing;
  }

  private Term signed(boolean negative, Term operand) {
    Arithmetic on = arithmetic;
    Term signed =
        negative
            ? change -> on.negate(operand.value(change))
            : change -> on.plus(operand.value(change));
    return operand instanceof Constant ? computedOnce(signed) : signed;
  }

  private Term call(Node.Call call) {
    List<Term> arguments = call.arguments().stream().map(this::term).toList();
    Term called = functions.call(call.function(), arguments);
    boolean constant =
        call.function() != Function.NOW && arguments.stream().allMatch(Constant.class::isInstance);
    return constant ? computedOnce(called) : called;
  }

  private static Term computedOnce(Term constant) {
    try {
      return new Constant(constant.value(NO_CHANGE));
    } catch (EvaluationFailure _) {
      return constant;
    }
  }

  /**
   * What counts as true or false, as it counts; null is false.
   *
   * @param need the beginning of the reason for a value that is neither
   */
  static boolean truth(@Nullable Object value, String need) {
    if (value instanceof Boolean known) {
      return known;
    }
    if (value == null) {
      return false;
    }
    throw new EvaluationFailure(need + " true or false, and has " + Kind.of(value).words());
  }
}
