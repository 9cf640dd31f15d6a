package dev.tocsin.rule;

import dev.tocsin.event.Change;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
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
  private static final String LOOSEST = " on the left of '?:', which binds loosest of all";
  private static final Change NO_CHANGE = new Change(Instant.EPOCH, null, null);

  private final KnownKinds known;
  private final Closures closures;

  CertainFailures(KnownKinds known, CalculationLimits limits) {
    this.known = known;
    this.closures = new Closures(limits);
  }

  /** A part, and why it always fails. */
  record CertainFailure(Span span, String message) {
    CertainFailure with(String hint) {
      return new CertainFailure(span, message + hint);
    }
  }

  /**
   * What fails of a whole calculation besides its parts: a result that is neither true nor false.
   */
  List<CertainFailure> ofResult(Node root) {
    return truth(root, Closures.ROOT_NEED + " true or false");
  }

  /** What fails of a part, besides the parts it is made of. */
  List<CertainFailure> of(Node node) {
    return switch (node) {
      case Node.Computing computing -> computing(computing);
      case Node.Signed signed -> {
        CertainFailure failure = constantFailure(signed);
        yield failure == null
            ? unfit(signed.operand(), NUMBER, "a sign needs a number")
            : List.of(failure);
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
    CertainFailure failure = constantFailure(computing);
    if (failure != null) {
      return List.of(failure);
    }
    Operation operation = computing.operation();
    boolean divides = operation == Operation.DIVIDE || operation == Operation.REMAINDER;
    if (divides && isZero(computing.right())) {
      return failingUnlessNull(computing.right(), "division by zero");
    }
    List<CertainFailure> unfit = operands(computing);
    return known.isDate(computing.left()) || known.isDate(computing.right())
        ? unfit.stream().map(one -> one.with(TreeBuilder.DATES_HINT)).toList()
        : unfit;
  }

  private List<CertainFailure> operands(Node.Computing computing) {
    Operation operation = computing.operation();
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
            computing.right(),
            "%s, and has %s and %s"
                .formatted(need, known.words(computing.left()), known.words(computing.right())))
        : operands;
  }

  private List<CertainFailure> call(Node.Call call) {
    CertainFailure certain = constantFailure(call);
    if (certain != null) {
      return List.of(certain);
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
        .flatMap(operand -> truth(operand, need + " true or false").stream())
        .toList();
  }

  /** What fails where true or false is needed: of a choice, also what only one branch gives. */
  private List<CertainFailure> truth(Node node, String need) {
    List<CertainFailure> whole = unfit(node, BOOLEAN, need);
    if (!whole.isEmpty()) {
      return whole;
    }
    return switch (node) {
      case Node.Choice choice ->
          joined(truth(choice.then(), need), truth(choice.otherwise(), need));
      case Node.Fallback fallback ->
          joined(truth(fallback.value(), need + LOOSEST), truth(fallback.otherwise(), need));
      default -> List.of();
    };
  }

  /** A part of which it is known that what is made of it does not take its values. */
  private List<CertainFailure> unfit(Node operand, Set<Kind> taken, String need) {
    return known.isNever(operand, taken)
        ? failingUnlessNull(operand, need + ", and this is " + known.words(operand))
        : List.of();
  }

  /** Why a part that is made of constants cannot be computed; null if it can, or needs an event. */
  private @Nullable CertainFailure constantFailure(Node node) {
    List<Object> values = new ArrayList<>();
    for (Node part : node.parts()) {
      if (!(closures.term(part) instanceof Term.Constant(Object value))) {
        return null;
      }
      values.add(value);
    }
    try {
      closures.term(node).value(NO_CHANGE);
      return null;
    } catch (EvaluationFailure failure) {
      int culprit = failure.culpritAmong(values);
      Span place = culprit < 0 ? node.span() : node.parts().get(culprit).span();
      return new CertainFailure(place, "this always fails: " + failure.reason());
    }
  }

  private boolean isZero(Node node) {
    return closures.term(node) instanceof Term.Constant(Number number)
        && Comparison.order(number, BigDecimal.ZERO) == 0;
  }

  private static List<CertainFailure> failingUnlessNull(Node node, String reason) {
    return List.of(
        new CertainFailure(node.span(), "this fails whenever it is not null: " + reason));
  }

  private static List<CertainFailure> joined(
      List<CertainFailure> some, List<CertainFailure> others) {
    return Stream.concat(some.stream(), others.stream()).toList();
  }

  private static List<CertainFailure> first(
      List<CertainFailure> some, List<CertainFailure> others) {
    return some.isEmpty() ? others : some;
  }
}
