package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.Payload;
import groovy.lang.GroovyClassLoader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Texts of two operators each, without parentheses, read here and by ordinary Groovy. {@link
 * Oracle} can't tell whether they are read alike, since it hands trees over.
 */
class PrecedenceTest {
  private static final List<String> INFIX =
      List.of("+", "-", "*", "/", "%", "**", "==", "!=", "<", "<=", ">", ">=", "&&", "||");
  private static final List<String> PREFIX = List.of("-", "+", "!", "(int) ");

  /** Powers of two, so that every quotient is exact, and one with decimals. */
  private static final List<Object> OPERANDS = List.of(8L, 2L, new BigDecimal("2.5"), true, false);

  private static final Pattern ORDER = Pattern.compile("([abc]) [<>]=? \\W*([abc])");

  private int compared;

  @Test
  void operators_bind_as_in_groovy_but_for_powers() throws ReflectiveOperationException {
    List<String> texts = texts();
    Class<?> asked = asked(texts);
    TreeSet<String> different = new TreeSet<>();
    for (int i = 0; i < texts.size(); i++) {
      Method groovy = asked.getMethod("ask" + i, Object.class, Object.class, Object.class);
      if (!agree(texts.get(i), groovy)) {
        different.add(texts.get(i));
      }
    }
    // Two rows of the deviations; their cases are in deviations.json.
    assertThat(different).containsExactly("(int) a ** b", "a ** b ** c");
    assertThat(compared).isGreaterThan(2_000);
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (String first : INFIX) {
      for (String second : INFIX) {
        texts.add("a %s b %s c".formatted(first, second));
      }
      for (String prefix : PREFIX) {
        texts.add("%sa %s b".formatted(prefix, first));
        texts.add("a %s %sb".formatted(first, prefix));
      }
      texts.add("a %s b ? c : a".formatted(first));
      texts.add("true ? a : b %s c".formatted(first));
      texts.add("null ?: b %s c".formatted(first));
    }
    return texts;
  }

  private static Class<?> asked(List<String> texts) {
    StringBuilder text = new StringBuilder("class Asked {\n");
    for (int i = 0; i < texts.size(); i++) {
      text.append("  static ask")
          .append(i)
          .append("(a, b, c) { return ")
          .append(texts.get(i))
          .append(" }\n");
    }
    GroovyClassLoader loader = new GroovyClassLoader(PrecedenceTest.class.getClassLoader());
    return loader.parseClass(text.append("}\n").toString(), "Asked.groovy");
  }

  /** Whether it is the same of all operands of which both compute it. */
  private boolean agree(String text, Method groovy) throws IllegalAccessException {
    String here = "(%s) == new.result".formatted(text.replaceAll("\\b([abc])\\b", "new.$1"));
    if (!(Calculations.parse(here, CalculationLimits.DEFAULTS)
        instanceof Parsed.Valid(Calculation calculation))) {
      return true;
    }
    boolean agree = true;
    for (Object a : OPERANDS) {
      for (Object b : OPERANDS) {
        for (Object c : text.contains("c") ? OPERANDS : List.of(true)) {
          Map<String, Object> operands = Map.of("a", a, "b", b, "c", c);
          agree &= ordersTruths(text, operands) || agree(calculation, groovy, operands);
        }
      }
    }
    return agree;
  }

  /** Which it is a row of the deviations that Groovy does. */
  private static boolean ordersTruths(String text, Map<String, Object> operands) {
    Matcher order = ORDER.matcher(text);
    return order
        .results()
        .anyMatch(operator ->
            operands.get(operator.group(1)) instanceof Boolean
                && operands.get(operator.group(2)) instanceof Boolean);
  }

  private boolean agree(Calculation here, Method groovy, Map<String, Object> operands)
      throws IllegalAccessException {
    Object result;
    try {
      result = groovy.invoke(null, operands.get("a"), operands.get("b"), operands.get("c"));
    } catch (InvocationTargetException _) {
      return true;
    }
    if (result instanceof Double) {
      return true; // Nothing here is computed with them.
    }
    Map<String, Object> fields = new HashMap<>(operands);
    fields.put(
        "result", result instanceof Number number ? new BigDecimal(number.toString()) : result);
    Outcome outcome = here.evaluate(new Change(Instant.EPOCH, new Payload("{}", fields), null));
    compared += outcome instanceof Outcome.Failed ? 0 : 1;
    return !(outcome instanceof Outcome.DoesNotFire);
  }
}
