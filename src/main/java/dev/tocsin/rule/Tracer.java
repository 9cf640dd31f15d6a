package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.rule.FieldPath.Side;
import dev.tocsin.rule.Term.Constant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a tree as its {@link Closures} do, part by part, and keeps what each came to. It shares
 * with them what an operation means, and says for itself what is computed, in which order, and what
 * is skipped; a test holds the two against each other.
 *
 * <p>For one change, and for whoever asks why: far from the path of the events.
 */
final class Tracer {
  private final Arithmetic arithmetic;
  private final Functions functions;
  private final Comparison comparison;
  private final SourceText source;
  private final Change change;

  Tracer(String text, CalculationLimits limits, Change change) {
    this.arithmetic = new Arithmetic(limits);
    this.comparison = new Comparison(limits);
    this.functions = new Functions(limits, arithmetic, comparison);
    this.source = new SourceText(text);
    this.change = change;
  }

  /** The whole calculation. */
  Explanation explanation(Node root) {
    Trace trace = trace(root);
    Outcome outcome =
        switch (truth(trace.finding(), "a calculation must give")) {
          case Finding.Known(Object fires) -> Outcome.of(Boolean.TRUE.equals(fires));
          case Finding.Failed(String reason) -> new Outcome.Failed(reason);
          case Finding.Skipped _ -> throw new IllegalStateException("nothing skips the root");
        };
    List<Miss> misses =
        outcome instanceof Outcome.DoesNotFire
            ? new NearestMiss(this, arithmetic).of(root)
            : List.of();
    return new Explanation(outcome, trace, misses);
  }

  /** A part, evaluated by itself. */
  Trace trace(Node node) {
    return switch (node) {
      case Node.Literal literal -> whole(literal, new Finding.Known(literal.value()), List.of());
      case Node.Field field ->
          whole(field, new Finding.Known(field.path().value(change)), List.of());
      case Node.Any any -> joined(any, any.operands(), true, "OR needs");
      case Node.All all -> joined(all, all.operands(), false, "AND needs");
      case Node.Not not -> not(not);
      case Node.Membership membership -> membership(membership);
      case Node.Choice choice -> choice(choice);
      case Node.Fallback fallback -> fallback(fallback);
      case Node.Call call -> call(call);
      case Node.Changed changed -> changed(changed);
      case Node.Comparing(Relation relation, Node left, Node right, Span _) ->
          binary(node, left, right, (one, other) -> comparison.holds(relation, one, other));
      case Node.Computing computing ->
          binary(
              computing,
              computing.left(),
              computing.right(),
              (one, other) -> arithmetic.compute(computing.operation(), one, other));
      case Node.Signed(boolean negative, Node operand, Span _) ->
          unary(node, operand, one -> negative ? arithmetic.negate(one) : arithmetic.plus(one));
      case Node.Matching(Node value, TextPattern pattern, Span _) ->
          unary(node, value, one -> functions.matching(new Constant(one), pattern).holds(change));
    };
  }

  /**
   * A finding that must be true or false, as one of them or as the failure it is; null is false.
   */
  static Finding truth(Finding finding, String need) {
    if (!(finding instanceof Finding.Known(Object value))) {
      return finding;
    }
    try {
      return new Finding.Known(Closures.truth(value, need));
    } catch (EvaluationFailure failure) {
      return new Finding.Failed(failure.reason());
    }
  }

  /** An AND, which one false operand decides, or an OR, which one true operand does. */
  private Trace joined(Node node, List<Node> operands, boolean decisive, String need) {
    Sequence sequence = new Sequence();
    for (Node operand : operands) {
      if (sequence.nextTruth(operand, need) == decisive) {
        sequence.decide(decisive);
      }
    }
    return sequence.end(node, !decisive);
  }

  private Trace not(Node.Not not) {
    Sequence sequence = new Sequence();
    boolean operand = sequence.nextTruth(not.operand(), "NOT needs");
    return sequence.end(not, !operand);
  }

  private Trace membership(Node.Membership membership) {
    Sequence sequence = new Sequence();
    Object wanted = sequence.next(membership.value());
    for (Node item : membership.list()) {
      Object value = sequence.next(item);
      if (Boolean.TRUE.equals(sequence.computed(() -> comparison.equal(wanted, value)))) {
        sequence.decide(true);
      }
    }
    return sequence.end(membership, false);
  }

  private Trace choice(Node.Choice choice) {
    Sequence sequence = new Sequence();
    if (sequence.nextTruth(choice.condition(), "'?' needs")) {
      sequence.decide(sequence.next(choice.then()));
      sequence.skip(choice.otherwise());
    } else {
      sequence.skip(choice.then());
      sequence.decide(sequence.next(choice.otherwise()));
    }
    return sequence.end(choice, null);
  }

  private Trace fallback(Node.Fallback fallback) {
    Sequence sequence = new Sequence();
    Object value = sequence.next(fallback.value());
    if (value != null) {
      sequence.decide(value);
    }
    sequence.decide(sequence.next(fallback.otherwise()));
    return sequence.end(fallback, null);
  }

  /** A function takes its arguments two by two if it may have more, as its closure does. */
  private Trace call(Node.Call call) {
    Sequence sequence = new Sequence();
    List<Term> arguments = new ArrayList<>();
    for (Node argument : call.arguments()) {
      arguments.add(new Constant(sequence.next(argument)));
      if (call.function().arity().max() > 2 && arguments.size() == 2) {
        Constant folded = new Constant(sequence.computed(() -> called(call, arguments)));
        arguments.clear();
        arguments.add(folded);
      }
    }
    Object value =
        call.function().arity().max() > 2
            ? arguments.getFirst().value(change)
            : sequence.computed(() -> called(call, arguments));
    return sequence.end(call, value);
  }

  private @Nullable Object called(Node.Call call, List<Term> arguments) {
    return functions.call(call.function(), arguments).value(change);
  }

  private Trace changed(Node.Changed changed) {
    Sequence sequence = new Sequence();
    Object differs = sequence.computed(() -> functions.changed(changed.steps()).holds(change));
    Finding finding = sequence.end(changed, differs).finding();
    FieldPath before = new FieldPath(Side.OLD, changed.steps());
    FieldPath after = new FieldPath(Side.NEW, changed.steps());
    Difference difference =
        Boolean.TRUE.equals(differs)
            ? new FirstDifference(functions)
                .of(after.written(), before.value(change), after.value(change))
            : null;
    List<Trace> sides = List.of(side("old.", before, changed), side("new.", after, changed));
    return whole(changed, finding, sides).differing(difference);
  }

  private Trace side(String prefix, FieldPath path, Node.Changed changed) {
    String text = Characters.shown(prefix + path.written(), SourceText.EXCERPT_LENGTH_MAX);
    Finding finding = new Finding.Known(path.value(change));
    return new Trace(source.place(changed.field()), text, finding, false, List.of(), null);
  }

  private Trace unary(Node node, Node operand, Unary operation) {
    Sequence sequence = new Sequence();
    Object value = sequence.next(operand);
    return sequence.end(node, sequence.computed(() -> operation.of(value)));
  }

  private Trace binary(Node node, Node left, Node right, Binary operation) {
    Sequence sequence = new Sequence();
    Object one = sequence.next(left);
    Object other = sequence.next(right);
    return sequence.end(node, sequence.computed(() -> operation.of(one, other)));
  }

  private Trace whole(Node node, Finding finding, List<Trace> parts) {
    Span span = node.span();
    return new Trace(source.place(span), source.excerpt(span), finding, false, parts, null);
  }

  private Trace skipped(Node node) {
    return whole(node, Finding.Skipped.INSTANCE, List.of());
  }

  private static @Nullable Object value(Trace part) {
    return part.finding() instanceof Finding.Known(Object value) ? value : null;
  }

  /** An operation on a value that may be null. */
  @FunctionalInterface
  private interface Unary {
    @Nullable Object of(@Nullable Object value);
  }

  /** An operation on two values that may be null. */
  @FunctionalInterface
  private interface Binary {
    @Nullable Object of(@Nullable Object left, @Nullable Object right);
  }

  /** Evaluates the parts of a node in turn, until it is settled what the node comes to. */
  private final class Sequence {
    private final List<Trace> parts = new ArrayList<>();
    private @Nullable Finding settled;

    /** The value of the next part; null too when the part fails, which settles, or is skipped. */
    @Nullable Object next(Node part) {
      if (settled != null) {
        skip(part);
        return null;
      }
      Trace trace = trace(part);
      parts.add(trace);
      return switch (trace.finding()) {
        case Finding.Known(Object value) -> value;
        case Finding.Failed failed -> {
          settle(failed);
          yield null;
        }
        case Finding.Skipped _ -> throw new IllegalStateException("skipped unasked: " + trace);
      };
    }

    /** The next part as true or false; false too when it fails or is skipped. */
    boolean nextTruth(Node part, String need) {
      Object value = next(part);
      if (settled == null
          && truth(new Finding.Known(value), need) instanceof Finding.Failed failed) {
        settle(failed);
      }
      return settled == null && Boolean.TRUE.equals(value);
    }

    void skip(Node part) {
      parts.add(skipped(part));
    }

    /** Computes something of the parts' values, unless it is settled already. */
    @Nullable Object computed(Supplier<@Nullable Object> computation) {
      if (settled != null) {
        return null;
      }
      try {
        return computation.get();
      } catch (EvaluationFailure failure) {
        settled = new Finding.Failed(failure.reason());
        blame(failure);
        return null;
      }
    }

    /** Marks the part whose value does not fit, if it is one's alone. */
    private void blame(EvaluationFailure failure) {
      int culprit = failure.culpritAmong(parts.stream().map(Tracer::value).toList());
      if (culprit >= 0) {
        parts.set(culprit, parts.get(culprit).deciding());
      }
    }

    /** The last part alone makes the value, unless it is settled already. */
    void decide(@Nullable Object value) {
      if (settled == null) {
        settle(new Finding.Known(value));
      }
    }

    private void settle(Finding finding) {
      settled = finding;
      parts.addLast(parts.removeLast().deciding());
    }

    /** The node, which has this value unless it was settled before. */
    Trace end(Node node, @Nullable Object value) {
      return whole(node, settled == null ? new Finding.Known(value) : settled, parts);
    }
  }
}
