package dev.tocsin.rule;

import dev.tocsin.event.Change;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Calculations as the compiled tier prints and compiles them, except that many are methods of one
 * class: as a class each they take the Groovy compiler several times as long. The class is unloaded
 * with the last of them.
 */
final class CompiledMethods {
  private static final MethodHandles.Lookup PACKAGE = MethodHandles.lookup();
  private static final MethodType HOLDS = MethodType.methodType(boolean.class, Change.class);
  private static final String CLASS_NAME = "CompiledCalculations";

  private CompiledMethods() {}

  /**
   * The calculations of trees, in their order.
   *
   * @throws IllegalStateException if one of them cannot be compiled
   */
  static List<Condition> of(List<Node> trees) {
    GroovySource source = source(trees);
    byte[] bytes =
        GroovyCompiler.classes(List.of(source))
            .get(Oracle.class.getPackageName() + "." + CLASS_NAME);
    try {
      MethodHandles.Lookup hidden =
          PACKAGE.defineHiddenClassWithClassData(
              Objects.requireNonNull(bytes), source.constants(), true);
      List<Condition> conditions = new ArrayList<>();
      for (int i = 0; i < trees.size(); i++) {
        conditions.add(condition(hidden.findStatic(hidden.lookupClass(), name(i), HOLDS)));
      }
      return conditions;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("compiled calculations cannot be loaded", e);
    }
  }

  private static GroovySource source(List<Node> trees) {
    Closures closures = new Closures(CalculationLimits.DEFAULTS);
    GroovyConstants constants = new GroovyConstants();
    List<String> methods =
        IntStream.range(0, trees.size())
            .mapToObj(i -> GroovyPrinter.method(trees.get(i), closures, constants, name(i)))
            .map(method -> "static " + method)
            .toList();
    String text =
        """
        @CompileStatic
        @POJO
        final class %s {
        %s%s}
        """
            .formatted(CLASS_NAME, constants.declarations(), String.join("", methods));
    return new GroovySource(CLASS_NAME, text, constants.values());
  }

  private static String name(int index) {
    return "holds" + index;
  }

  private static Condition condition(MethodHandle method) {
    return change -> {
      try {
        return (boolean) method.invokeExact(change);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    };
  }
}
