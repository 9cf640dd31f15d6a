package dev.tocsin.rule;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Asks random calculations of random changes three times: closures, the compiled tier, and ordinary
 * Groovy. Run by {@code scripts/oracle [count] [seed]}, and a little of it by the tests.
 *
 * <p>Closures and the compiled tier must agree on everything, reasons of failures included. Groovy
 * must agree on what does not fail; what it makes of an evaluation error, which is the last of the
 * listed deviations, is not looked at.
 */
final class Oracle {
  private static final int CAMPAIGN_BATCH = 200;
  private static final int CHANGES = 4;
  private static final int DEPTH = 3;

  /** What was asked and answered so far. */
  static final class Tally {
    private long expressions;
    private long evaluations;
    private long fired;
    private long failed;
    private long askedOfGroovy;
    private final List<String> disagreements = new ArrayList<>();

    long evaluations() {
      return evaluations;
    }

    long fired() {
      return fired;
    }

    long askedOfGroovy() {
      return askedOfGroovy;
    }

    List<String> disagreements() {
      return disagreements;
    }

    @Override
    public String toString() {
      return ("expressions=%d evaluations=%d fired=%d failed=%d askedOfGroovy=%d"
              + " disagreements=%d")
          .formatted(expressions, evaluations, fired, failed, askedOfGroovy, disagreements.size());
    }
  }

  private final int batch;
  private final Tally tally = new Tally();
  private final String guards = guards();

  /**
   * An oracle that has been asked nothing.
   *
   * @param batch how many expressions are compiled together
   */
  Oracle(int batch) {
    this.batch = batch;
  }

  /**
   * A campaign.
   *
   * @param arguments how many expressions, a million by default, and a seed
   */
  public static void main(String[] arguments) {
    long count = arguments.length > 0 ? Long.parseLong(arguments[0]) : 1_000_000;
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.println("seed " + seed);
    Oracle oracle = new Oracle(CAMPAIGN_BATCH);
    for (long next = seed; oracle.tally.expressions < count; next++) {
      oracle.ask(next);
      if ((next - seed) % 50 == 0 || oracle.tally.expressions >= count) {
        System.out.println(oracle.tally);
      }
      oracle.tally.disagreements.stream().limit(20).forEach(System.out::println);
      if (!oracle.tally.disagreements.isEmpty()) {
        System.exit(1);
      }
    }
  }

  /** Asks a batch of expressions, the same ones for the same seed. */
  Tally ask(long seed) {
    Random random = new Random(seed);
    RandomExpressions expressions = new RandomExpressions(random);
    List<Calculation> calculations = new ArrayList<>();
    while (calculations.size() < batch) {
      if (Calculations.parse(expressions.condition(DEPTH), CalculationLimits.DEFAULTS)
          instanceof Parsed.Valid(Calculation calculation)) {
        calculations.add(calculation);
      }
    }
    List<Condition> compiled = GroovyCompiler.compile(sources(calculations));
    List<Method> ordinary = ordinary(calculations);
    RandomChanges changes = new RandomChanges(random, true);
    RandomChanges bounded = new RandomChanges(random, false);
    for (int i = 0; i < batch; i++) {
      tally.expressions++;
      compare(calculations.get(i), compiled.get(i), changes.change());
      for (int times = 0; times < CHANGES; times++) {
        Change change = bounded.change();
        Outcome outcome = compare(calculations.get(i), compiled.get(i), change);
        if (!(outcome instanceof Outcome.Failed)) {
          compare(calculations.get(i), outcome, ordinary.get(i), change);
        }
      }
    }
    return tally;
  }

  private Outcome compare(Calculation calculation, Condition compiled, Change change) {
    Outcome outcome = calculation.evaluate(change);
    Outcome other = Calculations.outcome(compiled, change);
    tally.evaluations++;
    tally.fired += outcome instanceof Outcome.Fires ? 1 : 0;
    tally.failed += outcome instanceof Outcome.Failed ? 1 : 0;
    if (!outcome.equals(other)) {
      disagree(calculation, outcome, "compiled: " + other, change);
    }
    return outcome;
  }

  private void compare(Calculation calculation, Outcome outcome, Method ordinary, Change change) {
    tally.askedOfGroovy++;
    Object answer;
    try {
      answer = ordinary.invoke(null, map(change.after()), map(change.before()), change.time());
    } catch (InvocationTargetException e) {
      answer = e.getCause();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
    if (!Boolean.valueOf(outcome instanceof Outcome.Fires).equals(answer)) {
      disagree(calculation, outcome, "Groovy: " + answer, change);
    }
  }

  private void disagree(Calculation calculation, Outcome outcome, String other, Change change) {
    tally.disagreements.add(
        "%s%n  closures: %s%n  %s%n  new %s%n  old %s"
            .formatted(
                calculation.text(), outcome, other, map(change.after()), map(change.before())));
  }

  private static List<GroovySource> sources(List<Calculation> calculations) {
    List<GroovySource> sources = new ArrayList<>();
    for (Calculation calculation : calculations) {
      String name = "Random" + sources.size();
      sources.add(GroovyPrinter.print(tree(calculation), CalculationLimits.DEFAULTS, name));
    }
    return sources;
  }

  /** The methods that ask ordinary Groovy, in the calculations' order. */
  private List<Method> ordinary(List<Calculation> calculations) {
    StringBuilder text = new StringBuilder(guards).append("class Asked extends Guards {\n");
    for (int i = 0; i < calculations.size(); i++) {
      text.append("  static ask")
          .append(i)
          .append("(n, o, time) { ")
          .append(OrdinaryGroovy.statements(tree(calculations.get(i))))
          .append(" }\n");
    }
    GroovyClassLoader loader = new GroovyClassLoader(Oracle.class.getClassLoader());
    loader.parseClass(text.append("}\n").toString(), "Asked.groovy");
    try {
      Class<?> asked = loader.loadClass("Asked");
      List<Method> methods = new ArrayList<>();
      for (int i = 0; i < calculations.size(); i++) {
        methods.add(asked.getMethod("ask" + i, Object.class, Object.class, Object.class));
      }
      return methods;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Node tree(Calculation calculation) {
    return Objects.requireNonNull(Calculations.tree(calculation));
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

  private static String guards() {
    try (InputStream file = Oracle.class.getResourceAsStream("/oracle/ordinary-groovy.txt")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
