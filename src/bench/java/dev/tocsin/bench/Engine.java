package dev.tocsin.bench;

import com.googlecode.aviator.AviatorEvaluator;
import com.googlecode.aviator.AviatorEvaluatorInstance;
import com.googlecode.aviator.Expression;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.CompiledTier;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.TierLimits;
import java.io.Serializable;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import javax.script.Bindings;
import javax.script.Compilable;
import javax.script.CompiledScript;
import javax.script.ScriptEngineManager;
import javax.script.ScriptException;
import javax.script.SimpleBindings;
import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlExpression;
import org.apache.commons.jexl3.MapContext;
import org.jspecify.annotations.Nullable;
import org.mvel2.MVEL;

/** What can answer a rule: each engine as its manual says that it is fastest, compiled once. */
enum Engine {
  LAMBDA("hand-written lambda") {
    @Override
    Verdict verdict(EngineRule rule) {
      Predicate<Change> lambda = rule.lambda();
      Change[] events = rule.eventsOfOthers().toArray(Change[]::new);
      return event -> lambda.test(events[event]);
    }
  },
  CLOSURES("Tocsin, closures") {
    @Override
    Verdict verdict(EngineRule rule) {
      return calculated(valid(Calculations.parse(rule.calculation(), LIMITS)), rule);
    }
  },
  COMPILED("Tocsin, compiled") {
    @Override
    Verdict verdict(EngineRule rule) {
      return calculated(compiled(rule), rule);
    }
  },
  AVIATOR("Aviator") {
    @Override
    Verdict verdict(EngineRule rule) {
      AviatorEvaluatorInstance evaluator = AviatorEvaluator.newInstance();
      Expression expression = evaluator.compile(rule.expression().replace("null", "nil"));
      List<Map<String, Object>> events = variables(rule);
      return event -> truth(expression.execute(events.get(event)));
    }
  },
  MVEL2("MVEL") {
    @Override
    Verdict verdict(EngineRule rule) {
      Serializable expression = MVEL.compileExpression(rule.expression());
      List<Map<String, Object>> events = variables(rule);
      return event -> truth(MVEL.executeExpression(expression, events.get(event)));
    }
  },
  JEXL("JEXL") {
    @Override
    Verdict verdict(EngineRule rule) {
      JexlExpression expression =
          new JexlBuilder().strict(false).silent(false).create().createExpression(rule.expression());
      List<MapContext> events = variables(rule).stream().map(MapContext::new).toList();
      return event -> truth(expression.evaluate(events.get(event)));
    }
  },
  /** It has integers and doubles only; what is null for others is left out, as its manual says. */
  CEL("CEL-java") {
    @Override
    boolean isExact() {
      return false;
    }

    @Override
    Verdict verdict(EngineRule rule) {
      CelRuntime.Program program =
          celProgram(
              rule.expression()
                  .replace(
                      "o.amountSpent < 4500 || o.amountSpent == null",
                      "!has(o.amountSpent) || o.amountSpent < 4500")
                  .replace("4500", "4500.0"));
      List<Map<String, Object>> events = variables(rule);
      events.forEach(states -> states.replaceAll((_, state) -> withoutNulls((Map<?, ?>) state)));
      return event -> {
        try {
          return truth(program.eval(events.get(event)));
        } catch (CelEvaluationException e) {
          throw new IllegalStateException(e);
        }
      };
    }
  },
  GROOVY("plain JSR-223 Groovy") {
    @Override
    Verdict verdict(EngineRule rule) {
      CompiledScript script = groovyScript(rule.expression());
      List<Bindings> events =
          variables(rule).stream().<Bindings>map(SimpleBindings::new).toList();
      return event -> {
        try {
          return truth(script.eval(events.get(event)));
        } catch (ScriptException e) {
          throw new IllegalStateException(e);
        }
      };
    }
  };

  private static final CalculationLimits LIMITS = CalculationLimits.DEFAULTS;

  private final String words;

  Engine(String words) {
    this.words = words;
  }

  /** A rule that is ready to be asked. */
  @FunctionalInterface
  interface Verdict {
    /** Whether it fires on the event of this number, of the rule's {@code events()}. */
    boolean fires(int event);
  }

  /** Reads a rule. */
  abstract Verdict verdict(EngineRule rule);

  /** Whether it has exact decimals. */
  boolean isExact() {
    return true;
  }

  /** How tables call it. */
  String words() {
    return words;
  }

  private static Calculation valid(Parsed parsed) {
    return switch (parsed) {
      case Parsed.Valid(Calculation calculation) -> calculation;
      case Parsed.Invalid invalid -> throw new IllegalStateException(invalid.toString());
    };
  }

  /** Asked until it is compiled, which is done by a thread of the tier's own. */
  private static Calculation compiled(EngineRule rule) {
    try (CompiledTier tier = new CompiledTier(LIMITS, new TierLimits(1, 1))) {
      Calculation calculation = valid(tier.parse(rule.calculation()));
      while (tier.compilations() == 0) {
        calculation.evaluate(rule.events().getFirst());
        Thread.onSpinWait();
      }
      return calculation;
    }
  }

  /** What every tier of ours does with its calculation. */
  private static Verdict calculated(Calculation calculation, EngineRule rule) {
    Change[] events = rule.events().toArray(Change[]::new);
    return event -> calculation.evaluate(events[event]) instanceof Outcome.Fires;
  }

  private static CelRuntime.Program celProgram(String expression) {
    try {
      MapType state = MapType.create(SimpleType.STRING, SimpleType.DYN);
      CelAbstractSyntaxTree tree =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setStandardMacros(CelStandardMacro.HAS)
              .addVar("n", state)
              .addVar("o", state)
              .build()
              .compile(expression)
              .getAst();
      return CelRuntimeFactory.plannerRuntimeBuilder().build().createProgram(tree);
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<?, ?> withoutNulls(Map<?, ?> state) {
    Map<?, ?> known = new LinkedHashMap<>(state);
    known.values().removeIf(Objects::isNull);
    return known;
  }

  private static CompiledScript groovyScript(String expression) {
    try {
      Compilable groovy = (Compilable) new ScriptEngineManager().getEngineByName("groovy");
      return groovy.compile(expression);
    } catch (ScriptException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The two states of each event under the names of the common expression. */
  private static List<Map<String, Object>> variables(EngineRule rule) {
    return rule.eventsOfOthers().stream().map(Engine::variables).toList();
  }

  private static Map<String, Object> variables(Change change) {
    Map<String, Object> variables = new HashMap<>();
    variables.put("n", Objects.requireNonNull(change.after()).fields());
    variables.put("o", Objects.requireNonNull(change.before()).fields());
    return variables;
  }

  private static boolean truth(@Nullable Object value) {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw new IllegalStateException("neither true nor false: " + value);
  }
}
