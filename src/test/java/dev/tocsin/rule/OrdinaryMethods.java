package dev.tocsin.rule;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Calculations as {@link OrdinaryGroovy} prints them, many as methods of one class. The class is
 * unloaded with the last of them; that of the guards, which it extends, stays.
 */
final class OrdinaryMethods {
  private final GroovyClassLoader guards;

  OrdinaryMethods() {
    guards = new GroovyClassLoader(OrdinaryMethods.class.getClassLoader());
    try (InputStream file =
        OrdinaryMethods.class.getResourceAsStream("/oracle/ordinary-groovy.txt")) {
      guards.parseClass(
          new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8),
          "Guards.groovy");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Static methods {@code (new, old, time)}, in the trees' order.
   *
   * @throws RuntimeException if one of them cannot be compiled
   */
  List<Method> of(List<Node> trees) {
    StringBuilder text = new StringBuilder("class Asked extends Guards {\n");
    for (int i = 0; i < trees.size(); i++) {
      text.append(
          "  static ask%d(n, o, time) { %s }\n"
              .formatted(i, OrdinaryGroovy.statements(trees.get(i))));
    }
    Class<?> asked =
        new GroovyClassLoader(guards).parseClass(text.append("}\n").toString(), "Asked.groovy");
    try {
      List<Method> methods = new ArrayList<>();
      for (int i = 0; i < trees.size(); i++) {
        methods.add(asked.getMethod("ask" + i, Object.class, Object.class, Object.class));
      }
      return methods;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }
}
