package dev.tocsin.rule;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a calculation as a tree, as its author wrote it and known to make sense.
 *
 * <p>{@link TreeBuilder} makes them and refuses what can never be computed.
 */
sealed interface Node {
  /** Where its author wrote it: its first character, or its operator's if it has one between. */
  Position at();

  /** What its value can be, besides null. */
  Set<Kind> kinds();

  /** A node whose value is always true or false, and never null. */
  sealed interface Proposition extends Node {
    @Override
    default Set<Kind> kinds() {
      return Set.of(Kind.BOOLEAN);
    }
  }

  /** A value the author wrote: {@code String}, {@code Boolean}, {@code Long}, decimal or null. */
  record Literal(@Nullable Object value, Position at) implements Node {
    @Override
    public Set<Kind> kinds() {
      return value == null ? Set.of() : Set.of(Kind.of(value));
    }
  }

  /** A field of the new or old state. */
  record Field(FieldPath path, Position at) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.ANY;
    }
  }

  /** OR: true when one operand is, tried in order. */
  record Any(List<Node> operands, Position at) implements Proposition {
    public Any {
      operands = List.copyOf(operands);
    }
  }

  /** AND: true when every operand is, tried in order until one is not. */
  record All(List<Node> operands, Position at) implements Proposition {
    public All {
      operands = List.copyOf(operands);
    }
  }

  /** NOT: true when the operand is false or null. */
  record Not(Node operand, Position at) implements Proposition {
    @Override
    public Set<Kind> kinds() {
      return Set.of(Kind.BOOLEAN);
    }
  }

  /** Two values compared. */
  record Comparing(Relation relation, Node left, Node right, Position at) implements Proposition {
    @Override
    public Set<Kind> kinds() {
      return Set.of(Kind.BOOLEAN);
    }
  }

  /** Whether a value equals one of a list. */
  record Membership(Node value, List<Node> list, Position at) implements Proposition {
    public Membership {
      list = List.copyOf(list);
    }
  }

  /** Arithmetic on two values. */
  record Computing(Operation operation, Node left, Node right, Set<Kind> kinds, Position at)
      implements Node {}

  /** A number with a sign before it. */
  record Signed(boolean negative, Node operand, Position at) implements Node {
    @Override
    public Set<Kind> kinds() {
      return operand.kinds().isEmpty() ? Set.of() : Set.of(Kind.NUMBER);
    }
  }

  /** {@code condition ? then : otherwise}. */
  record Choice(Node condition, Node then, Node otherwise, Position at) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.union(then.kinds(), otherwise.kinds());
    }
  }

  /** {@code value ?: otherwise}: the value unless it is null. */
  record Fallback(Node value, Node otherwise, Position at) implements Node {
    @Override
    public Set<Kind> kinds() {
      return Kind.union(value.kinds(), otherwise.kinds());
    }
  }
}
