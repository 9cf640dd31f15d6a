package dev.tocsin.rule;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A part of a calculation as a tree, as its author wrote it and known to make sense.
 *
 * <p>{@link TreeBuilder} makes them and refuses what can never be computed.
 */
sealed interface Node {
  /** Where its author wrote it. */
  Span span();

  /** What its value can be, besides null. */
  Set<Kind> kinds();

  /** What it is computed of, in the order of the text. */
  default List<Node> parts() {
    return switch (this) {
      case Literal _, Field _, Changed _ -> List.of();
      case Any any -> any.operands();
      case All all -> all.operands();
      case Not not -> List.of(not.operand());
      case Comparing comparing -> List.of(comparing.left(), comparing.right());
      case Membership membership ->
          Stream.concat(Stream.of(membership.value()), membership.list().stream()).toList();
      case Matching matching -> List.of(matching.value());
      case Call call -> call.arguments();
      case Computing computing -> List.of(computing.left(), computing.right());
      case Signed signed -> List.of(signed.operand());
      case Choice choice -> List.of(choice.condition(), choice.then(), choice.otherwise());
      case Fallback fallback -> List.of(fallback.value(), fallback.otherwise());
    };
  }

  /** A node whose value is always true or false, and never null. */
  sealed interface Proposition extends Node {
    @Override
    default Set<Kind> kinds() {
      return Set.of(Kind.BOOLEAN);
    }
  }

  /** A value the author wrote: {@code String}, {@code Boolean}, {@code Long}, decimal or null. */
  record Literal(@Nullable Object value, Span span) implements Node {
    @Override
    public Set<Kind> kinds() {
      return value == null ? Set.of() : Set.of(Kind.of(value));
    }
  }

  /** A field of the new or old state. */
  record Field(FieldPath path, Span span) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.ANY;
    }
  }

  /** OR: true when one operand is, tried in order. */
  record Any(List<Node> operands, Span span) implements Proposition {
    public Any {
      operands = List.copyOf(operands);
    }
  }

  /** AND: true when every operand is, tried in order until one is not. */
  record All(List<Node> operands, Span span) implements Proposition {
    public All {
      operands = List.copyOf(operands);
    }
  }

  /** NOT: true when the operand is false or null. */
  record Not(Node operand, Span span) implements Proposition {}

  /** Two values compared. */
  record Comparing(Relation relation, Node left, Node right, Span span) implements Proposition {}

  /** Whether a value equals one of a list. */
  record Membership(Node value, List<Node> list, Span span) implements Proposition {
    public Membership {
      list = List.copyOf(list);
    }
  }

  /**
   * Whether a field is another before and after the change.
   *
   * @param field where it is named
   */
  record Changed(List<String> steps, Span field, Span span) implements Proposition {
    public Changed {
      steps = List.copyOf(steps);
    }
  }

  /** Whether a whole text fits a pattern. */
  record Matching(Node value, TextPattern pattern, Span span) implements Proposition {}

  /** A function of the values of its arguments; null when one of them is. */
  record Call(Function function, List<Node> arguments, Span span) implements Node {
    public Call {
      arguments = List.copyOf(arguments);
    }

    @Override
    public Set<Kind> kinds() {
      boolean alwaysNull = arguments.stream().anyMatch(argument -> argument.kinds().isEmpty());
      return alwaysNull ? Set.of() : Set.of(function.result());
    }
  }

  /** Arithmetic on two values. */
  record Computing(Operation operation, Node left, Node right, Set<Kind> kinds, Span span)
      implements Node {}

  /** A number with a sign before it. */
  record Signed(boolean negative, Node operand, Span span) implements Node {
    @Override
    public Set<Kind> kinds() {
      return operand.kinds().isEmpty() ? Set.of() : Set.of(Kind.NUMBER);
    }
  }

  /** {@code condition ? then : otherwise}. */
  record Choice(Node condition, Node then, Node otherwise, Span span) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.union(then.kinds(), otherwise.kinds());
    }
  }

  /** {@code value ?: otherwise}: the value unless it is null. */
  record Fallback(Node value, Node otherwise, Span span) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.union(value.kinds(), otherwise.kinds());
    }
  }
}
