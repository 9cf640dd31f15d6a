package dev.tocsin.rule;

import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.event.Transition;
import dev.tocsin.rule.FieldPath.Side;
import dev.tocsin.spelling.Nearest;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a calculation beside the event type it is for, and finds what is probably a mistake: a
 * field that the entity is not known to have, a comparison that always comes out the same, and a
 * part that always fails.
 */
final class Reviewer {
  /** Enough to see what is wrong; a calculation can have hundreds of comparisons. */
  private static final int WARNINGS_MAX = 50;

  /** Every state m3ter sends has it, though no entity's own description does. */
  private static final String ORGANIZATION_FIELD = "orgId";

  private static final int NAME_LENGTH_MAX = 60;

  private final EventType type;
  private final KnownKinds known;
  private final CertainFailures failures;
  private final List<Warning> warnings = new ArrayList<>();

  Reviewer(EventType type, CalculationLimits limits) {
    this.type = type;
    this.known = new KnownKinds(type);
    this.failures = new CertainFailures(known, limits);
  }

  /** The first warnings, in the order of the text as a tree. */
  List<Warning> review(Node root) {
    visit(root);
    failures.ofResult(root).forEach(this::warn);
    return List.copyOf(warnings);
  }

  private void visit(Node node) {
    switch (node) {
      case Node.Field field -> checkField(field.path().side(), field.path().steps(), field.span());
      case Node.Changed changed -> checkField(Side.NEW, changed.steps(), changed.field());
      case Node.Comparing comparing -> {
        if (!fails(comparing)) {
          check(comparing);
        }
      }
      case Node.Membership membership -> {
        if (!fails(membership)) {
          check(membership);
        }
      }
      case Node.Literal _,
          Node.Any _,
          Node.All _,
          Node.Not _,
          Node.Matching _,
          Node.Call _,
          Node.Computing _,
          Node.Signed _,
          Node.Choice _,
          Node.Fallback _ -> {}
    }
    failures.of(node).forEach(this::warn);
    node.parts().forEach(this::visit);
  }

  /** Whether a warning of a part, or of the node itself, says what is wrong with it already. */
  private boolean fails(Node node) {
    return !failures.of(node).isEmpty() || node.parts().stream().anyMatch(this::fails);
  }

  private void checkField(Side side, List<String> steps, Span span) {
    String name = steps.getFirst();
    FieldType fieldType = type.fields().get(name);
    if (fieldType == null) {
      if (type.described() && !name.equals(ORGANIZATION_FIELD)) {
        warnOfUnknown("", steps.getFirst(), span);
      }
    } else if (steps.size() > 1) {
      checkBelow(side, steps, span);
    }
  }

  /** The steps that lead into objects: what an object is known to have was all seen in events. */
  private void checkBelow(Side side, List<String> steps, Span span) {
    String path = steps.getFirst();
    for (String name : steps.subList(1, steps.size())) {
      FieldType above = type.fields().get(path);
      if (above == null || above == FieldType.ANY) {
        return;
      }
      if (above != FieldType.MAP) {
        warn(
            span,
            "%s.%s is %s, so that nothing below it can be reached"
                .formatted(
                    side == Side.NEW ? "new" : "old", path, Kind.words(KnownKinds.of(above))));
        return;
      }
      String below = path + ".";
      if (!type.fields().containsKey(below + name)) {
        if (type.fields().keySet().stream().anyMatch(field -> field.startsWith(below))) {
          warnOfUnknown(below, name, span);
        }
        return;
      }
      path = below + name;
    }
  }

  /**
   * Warns of a field that events are not known to have.
   *
   * @param before the path of the object it would be in, with a dot; empty for the state itself
   */
  private void warnOfUnknown(String before, String name, Span span) {
    List<String> siblings =
        type.fields().keySet().stream()
            .filter(field -> field.startsWith(before))
            .map(field -> field.substring(before.length()))
            .filter(field -> field.indexOf('.') < 0)
            .toList();
    warn(
        span,
        "%s is not known to have a field '%s%s'%s"
            .formatted(
                type.entity() == null ? type.name() : type.entity(),
                before,
                Characters.shown(name, NAME_LENGTH_MAX),
                Nearest.suggestion(name, siblings)));
  }

  private void check(Node.Comparing comparing) {
    Node left = comparing.left();
    Node right = comparing.right();
    String compared =
        "%s is compared with %s%s"
            .formatted(known.words(left), known.words(right), goneSide(comparing));
    boolean equality =
        comparing.relation() == Relation.EQUAL || comparing.relation() == Relation.UNEQUAL;
    if (equality && ((known.isDay(left) && isNow(right)) || (isNow(left) && known.isDay(right)))) {
      warn(
          comparing.span(),
          "a day and a time are not the same text, even of the same day; compare date(...) of both");
      return;
    }
    switch (comparing.relation()) {
      case EQUAL -> {
        if (!known.canBeEqual(left, right)) {
          warn(comparing.span(), "this can never be true: " + compared);
        } else if (known.areUnlike(left, right)) {
          warn(comparing.span(), "this is true only when both are null: " + compared);
        }
      }
      case UNEQUAL -> {
        if (!known.canBeEqual(left, right)) {
          warn(comparing.span(), "this is always true: " + compared);
        }
      }
      case LESS, AT_MOST, MORE, AT_LEAST -> {
        if (!known.haveOrder(left, right)) {
          warn(comparing.span(), "this can never be true: " + compared);
        }
      }
    }
  }

  private static boolean isNow(Node node) {
    return node instanceof Node.Call call && call.function() == Function.NOW;
  }

  private void check(Node.Membership membership) {
    Node value = membership.value();
    if (membership.list().stream().noneMatch(item -> known.canBeEqual(value, item))) {
      warn(
          membership.span(),
          "this can never be true: no value of the list is %s%s"
              .formatted(known.words(value), goneSide(membership)));
    }
  }

  /** Why one of the states is never there, if a comparison reads it. */
  private String goneSide(Node comparison) {
    Side gone = known.gone();
    if (gone == null || !reads(comparison, gone)) {
      return "";
    }
    return type.transition() == Transition.CREATED
        ? "; an entity that is created has no old state"
        : "; an entity that is deleted has no new state";
  }

  private static boolean reads(Node node, Side side) {
    return (node instanceof Node.Field field && field.path().side() == side)
        || node.parts().stream().anyMatch(part -> reads(part, side));
  }

  private void warn(CertainFailures.CertainFailure failure) {
    warn(failure.span(), failure.message());
  }

  private void warn(Span span, String message) {
    if (warnings.size() < WARNINGS_MAX) {
      warnings.add(new Warning(span.at().line(), span.at().column(), message));
    }
  }
}
