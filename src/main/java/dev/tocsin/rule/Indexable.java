package dev.tocsin.rule;

import dev.tocsin.rule.OneOf.Presence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a calculation's tree what an index can look for.
 *
 * <p>The answer is a list of ways to be true, of which one is enough; an empty list says that none
 * is possible. Whatever is not understood here is {@link Conjunction#UNKNOWN}, so that the ways
 * never leave out a change on which the calculation is true. They may let others in, unless they
 * are exact; either all of them are or none.
 */
final class Indexable {
  private static final List<Conjunction> NEVER = List.of();
  private static final List<Conjunction> UNKNOWN = List.of(Conjunction.UNKNOWN);

  private final Comparison comparison;

  /** Finds it in calculations whose comparisons are these. */
  Indexable(Comparison comparison) {
    this.comparison = comparison;
  }

  List<Conjunction> ways(Node node) {
    return switch (node) {
      case Node.All all -> all(all.operands());
      case Node.Any any -> any(any.operands());
      case Node.Comparing comparing -> comparing(comparing);
      case Node.Membership membership -> membership(membership);
      case Node.Literal literal -> literal(literal.value());
      // Inexact: a field that holds neither true nor false makes the calculation fail.
      case Node.Field field -> values(field.path(), Set.of(true), false);
      // A default, against the habit here: to be evaluated is right for every node, so that a new
      // one needs no thought before somebody wants it indexed.
      default -> UNKNOWN;
    };
  }

  private List<Conjunction> all(List<Node> operands) {
    Conjunction together = Conjunction.ALWAYS;
    List<Conjunction> either = List.of();
    boolean never = false;
    for (Node operand : operands) {
      List<Conjunction> ways = ways(operand);
      if (ways.isEmpty()) {
        never = true;
      } else if (ways.size() == 1) {
        together = together.and(ways.getFirst());
      } else if (either.isEmpty()) {
        either = ways;
      } else {
        // Both ORs would have to be multiplied out; the second is left to the evaluation.
        together = together.inexact();
      }
    }
    if (never) {
      // What stands before it may still fail, which decides over an OR around it.
      boolean exact = together.exact() && either.stream().allMatch(Conjunction::exact);
      return exact ? NEVER : UNKNOWN;
    }
    if (either.isEmpty()) {
      return List.of(together);
    }
    return together.isSelective()
        ? List.of(together.inexact())
        : either.stream().map(together::and).toList();
  }

  private List<Conjunction> any(List<Node> operands) {
    List<Conjunction> ways = new ArrayList<>();
    operands.forEach(operand -> ways.addAll(ways(operand)));
    // One that fails ends the evaluation, before a later one could make it true.
    boolean exact = ways.stream().allMatch(Conjunction::exact);
    if (ways.stream().anyMatch(Conjunction::isOpen)) {
      return exact ? List.of(Conjunction.ALWAYS) : UNKNOWN;
    }
    return exact ? ways : ways.stream().map(Conjunction::inexact).toList();
  }

  private List<Conjunction> comparing(Node.Comparing comparing) {
    Node left = comparing.left();
    Node right = comparing.right();
    if (left instanceof Node.Field field && isConstant(right)) {
      return comparing(comparing.relation(), field.path(), right);
    }
    if (right instanceof Node.Field field && isConstant(left)) {
      return comparing(comparing.relation().mirrored(), field.path(), left);
    }
    return UNKNOWN;
  }

  private List<Conjunction> comparing(Relation relation, FieldPath field, Node constant) {
    Object value = constant(constant);
    return switch (relation) {
      case EQUAL -> values(field, List.of(constant));
      case UNEQUAL -> value == null ? values(field, Set.of(Presence.PRESENT), true) : UNKNOWN;
      case LESS, AT_MOST, MORE, AT_LEAST ->
          switch (value) {
            case Number number ->
                List.of(Conjunction.of(Within.of(field, relation, number), isExact(constant)));
            case String _ -> UNKNOWN;
            // Neither null nor true and false have an order.
            case null, default -> NEVER;
          };
    };
  }

  private List<Conjunction> membership(Node.Membership membership) {
    return membership.value() instanceof Node.Field field
            && membership.list().stream().allMatch(Indexable::isConstant)
        ? values(field.path(), membership.list())
        : UNKNOWN;
  }

  private static List<Conjunction> literal(@Nullable Object value) {
    return switch (value) {
      case Boolean truth -> truth ? List.of(Conjunction.ALWAYS) : NEVER;
      case null -> NEVER;
      default -> UNKNOWN;
    };
  }

  private List<Conjunction> values(FieldPath field, List<Node> constants) {
    Set<Object> keys = new HashSet<>();
    for (Node constant : constants) {
      Object value = constant(constant);
      Object key = value == null ? Presence.ABSENT : OneOf.key(value);
      if (key == null) {
        return UNKNOWN;
      }
      keys.add(key);
    }
    return values(field, keys, constants.stream().allMatch(this::isExact));
  }

  private static List<Conjunction> values(FieldPath field, Set<Object> keys, boolean exact) {
    return List.of(Conjunction.of(new OneOf(field, keys), exact));
  }

  private static boolean isConstant(Node node) {
    return node instanceof Node.Literal
        || (node instanceof Node.Signed signed
            && isConstant(signed.operand())
            && constant(signed.operand()) instanceof Number);
  }

  private static @Nullable Object constant(Node node) {
    return switch (node) {
      case Node.Literal literal -> literal.value();
      case Node.Signed signed -> signed(signed.negative(), constant(signed.operand()));
      default -> throw new IllegalStateException("not a constant: " + node);
    };
  }

  private static @Nullable Object signed(boolean negative, @Nullable Object operand) {
    return negative && operand instanceof Number number
        ? Comparison.canonical(Comparison.decimal(number).negate())
        : operand;
  }

  /**
   * Whether neither computing a constant can fail, as a decimal with a sign may be too long for it,
   * nor comparing it, as a text may.
   */
  private boolean isExact(Node constant) {
    return constant instanceof Node.Literal literal
        ? !(literal.value() instanceof String text) || comparison.isShort(text)
        : constant(constant) instanceof Long;
  }
}
