package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.codehaus.groovy.runtime.FormatHelper;
import org.jspecify.annotations.Nullable;

/** One question asked three times, and whether the answers agree. */
final class Interrogation {
  private static final String NOT_ASKED = "not asked";

  private final Question question;
  private final Condition compiled;
  private final Method ordinary;
  private final List<String> disagreements = new ArrayList<>();
  private long evaluations;
  private long fired;
  private long failed;
  private long askedOfGroovy;

  private Interrogation(Question question, Condition compiled, Method ordinary) {
    this.question = question;
    this.compiled = compiled;
    this.ordinary = ordinary;
  }

  /**
   * Asks.
   *
   * @param ordinary one of {@link OrdinaryMethods}
   */
  static Tally of(Question question, Condition compiled, Method ordinary) {
    Interrogation asked = new Interrogation(question, compiled, ordinary);
    asked.ask(question.huge(), false);
    question.changes().forEach(change -> asked.ask(change, true));
    return new Tally(
        1, asked.evaluations, asked.fired, asked.failed, asked.askedOfGroovy, asked.disagreements);
  }

  private void ask(Change change, boolean groovyToo) {
    Outcome closures = question.calculation().evaluate(change);
    Outcome tier = Calculations.outcome(compiled, change);
    boolean isComputed = !(closures instanceof Outcome.Failed);
    Object groovy = groovyToo && isComputed ? answer(change) : NOT_ASKED;
    evaluations++;
    fired += closures instanceof Outcome.Fires ? 1 : 0;
    failed += isComputed ? 0 : 1;
    boolean groovyAgrees =
        groovy.equals(NOT_ASKED) || groovy.equals(closures instanceof Outcome.Fires);
    if (!closures.equals(tier) || !groovyAgrees) {
      disagreements.add(disagreement(change, closures, tier, groovy));
    }
  }

  /** Ordinary Groovy's: true or false, or what was thrown. */
  private Object answer(Change change) {
    askedOfGroovy++;
    try {
      return ordinary.invoke(null, map(change.after()), map(change.before()), change.time());
    } catch (InvocationTargetException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private String disagreement(Change change, Outcome closures, Outcome tier, Object groovy) {
    return """
    %s
      closures  %s
      compiled  %s
      Groovy    %s
      new       %s
      old       %s
      time      %s
      again     scripts/oracle 1 %d\
    """
        .formatted(
            question.calculation().text(),
            shown(closures),
            shown(tier),
            groovy,
            FormatHelper.inspect(map(change.after())),
            FormatHelper.inspect(map(change.before())),
            change.time(),
            question.seed());
  }

  private static String shown(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Fires _ -> "true";
      case Outcome.DoesNotFire _ -> "false";
      case Outcome.Failed(String reason) -> "failed: " + reason;
    };
  }

  private static @Nullable Map<?, ?> map(@Nullable Payload payload) {
    return payload == null ? null : (Map<?, ?>) value(payload.fields());
  }

  /**
   * A value as the Groovy side gets it: whole numbers as {@code BigInteger}, since Groovy's others
   * wrap around.
   */
  private static @Nullable Object value(@Nullable Object value) {
    return switch (value) {
      case Long whole -> BigInteger.valueOf(whole);
      case List<?> list -> {
        List<@Nullable Object> values = new ArrayList<>();
        list.forEach(item -> values.add(value(item)));
        yield values;
      }
      case Map<?, ?> map -> {
        Map<Object, @Nullable Object> values = new HashMap<>();
        map.forEach((name, field) -> values.put(name, value(field)));
        yield values;
      }
      case null, default -> value;
    };
  }
}
