package dev.tocsin.rule;

import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.rule.FieldPath.Side;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the values of a calculation's parts can be on events of one type: what {@link Node#kinds}
 * says, narrowed by what is known of the entity's fields.
 */
final class KnownKinds {
  private static final Set<Kind> ORDERED = Set.of(Kind.NUMBER, Kind.TEXT);

  private final EventType type;

  KnownKinds(EventType type) {
    this.type = type;
  }

  /** What a field of a type can hold. */
  static Set<Kind> of(FieldType type) {
    return switch (type) {
      case STRING, DATE, DATE_TIME -> Set.of(Kind.TEXT);
      case INT, LONG, DOUBLE -> Set.of(Kind.NUMBER);
      case BOOLEAN -> Set.of(Kind.BOOLEAN);
      case MAP -> Set.of(Kind.OBJECT);
      case ARRAY -> Set.of(Kind.ARRAY);
      case ANY -> Kind.ANY;
    };
  }

  /** The state that events of the type never have, or null. */
  @Nullable Side gone() {
    return switch (type.transition()) {
      case CREATED -> Side.OLD;
      case DELETED -> Side.NEW;
      case UPDATED, NONE -> null;
    };
  }

  /** Whether two parts can have equal values, be it that both are null. */
  boolean canBeEqual(Node left, Node right) {
    return !common(kinds(left), kinds(right)).isEmpty() || (canBeNull(left) && canBeNull(right));
  }

  /** Whether two parts, neither of which is always null, never have values of one kind. */
  boolean areUnlike(Node left, Node right) {
    return !kinds(left).isEmpty()
        && !kinds(right).isEmpty()
        && common(kinds(left), kinds(right)).isEmpty();
  }

  /** Whether one of two parts can be less than the other. */
  boolean haveOrder(Node left, Node right) {
    return !common(ORDERED, common(kinds(left), kinds(right))).isEmpty();
  }

  /** Whether a part, which is not always null, never has a value of some kinds. */
  boolean isNever(Node node, Set<Kind> some) {
    Set<Kind> kinds = kinds(node);
    return !kinds.isEmpty() && common(kinds, some).isEmpty();
  }

  /** Whether a part, which is not always null, has values of some kinds only. */
  boolean isAlways(Node node, Set<Kind> some) {
    Set<Kind> kinds = kinds(node);
    return !kinds.isEmpty() && some.containsAll(kinds);
  }

  /** Whether a part has days, and no times, by what is known of the field or the function. */
  boolean isDay(Node node) {
    return switch (node) {
      case Node.Field(FieldPath(Side _, List<String> steps), Span _) ->
          steps.size() == 1 && type.fields().get(steps.getFirst()) == FieldType.DATE;
      case Node.Call call -> call.function() == Function.DATE;
      default -> false;
    };
  }

  /** Whether a part has days or times, by what is known of the field or the function. */
  boolean isDate(Node node) {
    if (node instanceof Node.Field(FieldPath(Side _, List<String> steps), Span _)) {
      return steps.size() == 1 && type.dateFields().contains(steps.getFirst());
    }
    return TreeBuilder.isDate(node);
  }

  /** How a message calls the values of a part. */
  String words(Node node) {
    Set<Kind> kinds = kinds(node);
    return kinds.isEmpty() ? "what is always null" : Kind.words(kinds);
  }

  /** What a part's value can be, besides null; nothing if it is always null. */
  private Set<Kind> kinds(Node node) {
    return switch (node) {
      case Node.Field field -> kinds(field.path());
      case Node.Literal literal -> literal.kinds();
      case Node.Proposition proposition -> proposition.kinds();
      case Node.Computing computing ->
          common(computing.kinds(), common(kinds(computing.left()), kinds(computing.right())));
      case Node.Signed signed -> common(signed.kinds(), kinds(signed.operand()));
      case Node.Choice choice -> Kind.union(kinds(choice.then()), kinds(choice.otherwise()));
      case Node.Fallback fallback ->
          Kind.union(kinds(fallback.value()), kinds(fallback.otherwise()));
      case Node.Call call -> {
        List<Node> arguments = call.arguments();
        boolean alwaysNull = arguments.stream().anyMatch(argument -> kinds(argument).isEmpty());
        yield alwaysNull ? Set.of() : call.kinds();
      }
    };
  }

  private Set<Kind> kinds(FieldPath path) {
    if (path.side() == gone()) {
      return Set.of();
    }
    FieldType known = type.fields().get(String.join(".", path.steps()));
    return known == null || hasDot(path) ? Kind.ANY : of(known);
  }

  /** Whether a step has a dot in its name: known paths have dots between steps only. */
  private static boolean hasDot(FieldPath path) {
    return path.steps().stream().anyMatch(step -> step.indexOf('.') >= 0);
  }

  private static boolean canBeNull(Node node) {
    return switch (node) {
      case Node.Literal literal -> literal.value() == null;
      case Node.Proposition _ -> false;
      case Node.Field _ -> true;
      case Node.Computing computing -> canBeNull(computing.left()) || canBeNull(computing.right());
      case Node.Signed signed -> canBeNull(signed.operand());
      case Node.Call call -> call.function() != Function.NOW;
      case Node.Choice choice -> canBeNull(choice.then()) || canBeNull(choice.otherwise());
      case Node.Fallback fallback -> canBeNull(fallback.value()) && canBeNull(fallback.otherwise());
    };
  }

  private static Set<Kind> common(Set<Kind> some, Set<Kind> others) {
    EnumSet<Kind> common = EnumSet.noneOf(Kind.class);
    common.addAll(some);
    common.retainAll(others);
    return common;
  }
}
