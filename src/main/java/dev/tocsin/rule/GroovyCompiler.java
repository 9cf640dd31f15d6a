package dev.tocsin.rule;

import groovy.lang.GroovyClassLoader;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.script.ScriptException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;

/**
 * Compiles printed calculations, each with an engine of its own, which is dropped at once: a Groovy
 * engine keeps every class it made.
 *
 * <p>The class that runs is not the engine's but a hidden one of this package, defined from the
 * same bytes. It may call what the closures call, and is unloaded as soon as its calculation is
 * unreachable.
 */
final class GroovyCompiler {
  private static final MethodHandles.Lookup PACKAGE = MethodHandles.lookup();

  private static final String PACKAGE_NAME = GroovyCompiler.class.getPackageName();

  private static final String HEADER =
      """
      package %s

      import dev.tocsin.event.Change
      import groovy.transform.CompileStatic
      import groovy.transform.stc.POJO
      import java.lang.invoke.MethodHandles

      """
          .formatted(PACKAGE_NAME);

  private GroovyCompiler() {}

  /**
   * A calculation, ready to run; takes some milliseconds, and a second the first time.
   *
   * @throws IllegalStateException if it cannot be compiled, which is a mistake of the printer
   */
  static Condition compile(GroovySource source) {
    return compile(List.of(source)).getFirst();
  }

  /** Several at once, in less time than one by one. */
  static List<Condition> compile(List<GroovySource> sources) {
    Map<String, byte[]> classes = classes(sources);
    return sources.stream().map(source -> load(source, classes)).toList();
  }

  /** The class files of sources, by the classes' names. */
  static Map<String, byte[]> classes(List<GroovySource> sources) {
    Map<String, byte[]> classes = new HashMap<>();
    CompilerConfiguration configuration = new CompilerConfiguration();
    configuration.setBytecodePostprocessor((name, bytes) -> {
      classes.put(name, bytes);
      return bytes;
    });
    ClassLoader parent = GroovyCompiler.class.getClassLoader();
    StringBuilder text = new StringBuilder(HEADER);
    sources.forEach(source -> text.append(source.text()));
    try {
      new GroovyScriptEngineImpl(new GroovyClassLoader(parent, configuration))
          .compile(text.toString());
    } catch (ScriptException e) {
      throw new IllegalStateException("printed calculations do not compile", e);
    }
    return classes;
  }

  private static Condition load(GroovySource source, Map<String, byte[]> classes) {
    byte[] bytes = Objects.requireNonNull(classes.get(PACKAGE_NAME + "." + source.name()));
    try {
      MethodHandles.Lookup hidden =
          PACKAGE.defineHiddenClassWithClassData(bytes, source.constants(), true);
      MethodType none = MethodType.methodType(void.class);
      return (Condition) hidden.findConstructor(hidden.lookupClass(), none).invoke();
    } catch (Throwable e) {
      throw new IllegalStateException("a compiled calculation cannot be loaded", e);
    }
  }
}
