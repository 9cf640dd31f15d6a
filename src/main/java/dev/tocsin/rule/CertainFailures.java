package dev.tocsin.rule;

import dev.tocsin.event.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds parts of a calculation that can be read and never be computed, whatever an event holds: by
 * computing those that are made of constants alone, and by what the entity's fields are known to
 * hold.
 *
 * <p>A part that is given null mostly gives null, so that one with a field of the wrong kind fails
 * only when there is a value. It is a mistake all the same.
 */
final class CertainFailures {
  private static final Set<Kind> NUMBER = Set.of(Kind.NUMBER);
  private static final Set<Kind> TEXT = Set.of(Kind.TEXT);
  private static final Set<Kind> BOOLEAN = Set.of(Kind.BOOLEAN);
  private static final Set<Kind> ADDABLE = Set.of(Kind.NUMBER, Kind.TEXT);
  private static final Set<Kind> STRUCTURES = Set.of(Kind.OBJECT, Kind.ARRAY);
  private static final Change NO_CHANGE = new Change(Instant.EPOCH, null, null);

  private final KnownKinds known;
  private final Closures closures;

  CertainFailures(KnownKinds known, CalculationLimits limits) {
    this.known = known;
    this.closures = new Closures(limits);
  }

  /** A part, and why it always fails. */
  record CertainFailure(Span span, String message) {}

  /**
   * What fails of a whole calculation besides its parts: a result that is neither true nor false.
   */
  List<CertainFailure> ofResult(Node root) {
    return unfit(root, BOOLEAN, Closures.ROOT_NEED + " true or false");
  }

  /** What fails of a part, besides the parts it is made of. */
  List<CertainFailure> of(Node node) {
    return switch (node) {
      case Node.Computing computing -> computing(computing);
      case Node.Signed signed -> {
        String reason = constantFailure(signed);
        yield reason == null
            ? unfit(signed.operand(), NUMBER, "a sign needs a number")
            : failing(signed, reason);
      }
      case Node.Call call -> call(call);
      case Node.Comparing comparing -> compared(comparing, comparing.left(), comparing.right());
      case Node.Any any -> all(any.operands(), Closures.OR_NEED);
      case Node.All all -> all(all.operands(), Closures.AND_NEED);
      case Node.Not not -> all(List.of(not.operand()), Closures.NOT_NEED);
      case Node.Choice choice -> all(List.of(choice.condition()), Closures.CHOICE_NEED);
      case Node.Matching matching -> unfit(matching.value(), TEXT, "matches needs a text");
      case Node.Literal _, Node.Field _, Node.Changed _, Node.Membership _, Node.Fallback _ ->
          List.of();
    };
  }

  private List<CertainFailure> computing(Node.Computing computing) {
    String reason = constantFailure(computing);
    if (reason != null) {
      return failing(computing, reason);
    }
    Operation operation = computing.operation();
    boolean divides = operation == Operation.DIVIDE || operation == Operation.REMAINDER;
    if (divides && isZero(computing.right())) {
      return failingUnlessNull(computing, "division by zero");
    }
    if (operation != Operation.ADD) {
      String need = "'%s' needs numbers".formatted(operation.symbol());
      return first(unfit(computing.left(), NUMBER, need), unfit(computing.right(), NUMBER, need));
    }
    String need = "'+' needs two numbers or two texts";
    List<CertainFailure> operands =
        first(unfit(computing.left(), ADDABLE, need), unfit(computing.right(), ADDABLE, need));
    boolean mixed = operands.isEmpty() && known.areUnlike(computing.left(), computing.right());
    return mixed
        ? failingUnlessNull(
            computing,
            "%s, and has %s and %s"
                .formatted(need, known.words(computing.left()), known.words(computing.right())))
        : operands;
  }

  private List<CertainFailure> call(Node.Call call) {
    String reason = constantFailure(call);
    if (reason != null) {
      return failing(call, reason);
    }
    Function function = call.function();
    for (int i = 0; i < call.arguments().size(); i++) {
      Set<Kind> taken = function.taken(i);
      String need = function.spelling() + " needs " + Kind.words(taken);
      List<CertainFailure> failure = unfit(call.arguments().get(i), taken, need);
      if (!failure.isEmpty()) {
        return failure;
      }
    }
    return List.of();
  }

  private List<CertainFailure> compared(Node.Comparing comparing, Node left, Node right) {
    boolean equality =
        comparing.relation() == Relation.EQUAL || comparing.relation() == Relation.UNEQUAL;
    return equality && known.isAlways(left, STRUCTURES) && known.isAlways(right, STRUCTURES)
        ? failingUnlessNull(
            comparing, "objects and arrays cannot be compared with each other; changed does so")
        : List.of();
  }

  private List<CertainFailure> all(List<Node> operands, String need) {
    return operands.stream()
        .flatMap(operand -> unfit(operand, BOOLEAN, need + " true or false").stream())
        .toList();
  }

  /** A part of which it is known that what is made of it does not take its values. */
  private List<CertainFailure> unfit(Node operand, Set<Kind> taken, String need) {
    return known.isNever(operand, taken)
        ? failingUnlessNull(operand, need + ", and this is " + known.words(operand))
        : List.of();
  }

  /** Why a part that is made of constants cannot be computed; null if it can, or needs an event. */
  private @Nullable String constantFailure(Node node) {
    boolean constant =
        node.parts().stream().allMatch(part -> closures.term(part) instanceof Term.Constant);
    if (!constant) {
      return null;
    }
    try {
      closures.term(node).value(NO_CHANGE);
      return null;
    } catch (EvaluationFailure failure) {
      return failure.reason();
    }
  }

  private boolean isZero(Node node) {
    return closures.term(node) instanceof Term.Constant(Number number)
        && Comparison.order(number, BigDecimal.ZERO) == 0;
  }

  private static List<CertainFailure> failing(Node node, String reason) {
    return List.of(new CertainFailure(node.span(), "this always fails: " + reason));
  }

  private static List<CertainFailure> failingUnlessNull(Node node, String reason) {
    return List.of(
        new CertainFailure(node.span(), "this fails whenever it is not null: " + reason));
  }

  private static List<CertainFailure> first(
      List<CertainFailure> some, List<CertainFailure> others) {
    return some.isEmpty() ? others : some;
  }
}
