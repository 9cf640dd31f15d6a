package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class GroovyCompilerTest {
  /** With every kind of part. */
  private static final String EVERYTHING =
      """
      NOT (new.amount * 90 / 100 % 7 - 1 + -new.b ^ 2 >= 5000 OR (new.a ? new.b : old.c) < new.c
        OR new.status in ("A", "B") OR new.a in (new.b, old.b) OR changed(new.tier))
      AND (matches(new.name, "it's \\\\d+") OR isnull(new.x, 5) == 5 OR Math.floor(new.y) != +new.y)
      AND Math.max(new.a, new.b, 3) > 2 AND lower(new.name) == 'x\\ny' AND now() > "2020"
      AND new."cost-centre" == null AND (new.a == true) == (old.a != 'secret ${1}') AND new.flag
      """;

  /** As deep as the settings allow. */
  private static final CalculationLimits DEEP =
      new CalculationLimits(1_000_000, 100_000, 200, 100, 500, 1_000, 300, 1_024, 128, 4_096, 200);

  /** What contains itself, or grows longer, by so many. */
  private static final List<IntFunction<String>> SHAPES =
      List.of(
          n -> "new" + ".a".repeat(n) + " == 1",
          n -> "new" + ".a".repeat(n) + " == old" + ".a".repeat(n),
          n -> "new.a" + " + new.b".repeat(n) + " == 1",
          n -> "1 == " + "(2 - new.a * ".repeat(n) + "new.b" + ")".repeat(n),
          n -> "1 == new.a" + " ^ new.a".repeat(n),
          n -> "1 == " + "-(".repeat(n) + "new.a" + ")".repeat(n),
          n -> "!".repeat(n) + "new.a",
          n -> "new.a ? new.b : ".repeat(n) + "new.c",
          n -> "new.a ? ".repeat(n) + "new.b" + " : new.c".repeat(n),
          n -> "(".repeat(n) + "new.a" + " ? new.b : new.c)".repeat(n) + " == 1",
          n -> "1 == (" + "new.a ?: ".repeat(n) + "new.b)",
          n -> "1 == " + "Math.abs(".repeat(n) + "new.a" + ")".repeat(n),
          n -> "1 == Math.max(new.a" + ", new.b".repeat(n) + ")",
          n -> "1 == " + "(int) ".repeat(n) + "new.a",
          n -> "new.a == 1 AND ".repeat(n) + "new.b",
          n -> "(new.a OR new.b AND ".repeat(n) + "new.c" + ")".repeat(n),
          n -> "new.a == (".repeat(n) + "new.b" + ")".repeat(n),
          n -> "new.a in (" + "new.b, ".repeat(n) + "1)",
          n -> "new.a in (" + "1, ".repeat(n) + "2)",
          n -> "new.a in (new.b, ".repeat(n) + "new.c" + ")".repeat(n));

  @Test
  void nothing_of_the_author_is_in_the_source() {
    String text = source(EVERYTHING).text();
    assertThat(text.lines().filter(line -> line.contains("return")))
        .singleElement()
        .asString()
        .matches("    return [A-Za-z0-9_.,?:()=!&| ]+");
    assertThat(text)
        .doesNotContain("amount", "status", "tier", "cost-centre", "it's", "secret", "5000");
  }

  @Test
  void nothing_of_groovy_is_in_the_class() {
    ClassModel model = ClassFile.of().parse(bytes(source(EVERYTHING)));
    assertThat(model.interfaces())
        .extracting(ClassEntry::asInternalName)
        .containsExactly("dev/tocsin/rule/Condition");
    assertThat(
            StreamSupport.stream(model.constantPool().spliterator(), false)
                .filter(ClassEntry.class::isInstance)
                .map(entry -> ((ClassEntry) entry).asInternalName()))
        .noneMatch(name -> name.startsWith("groovy/") || name.startsWith("org/codehaus/groovy/"));
    assertThat(model.methods().stream().flatMap(method -> code(method).elementStream()))
        .noneMatch(InvokeDynamicInstruction.class::isInstance);
  }

  @Test
  void the_largest_that_is_compiled_is_no_huge_method_to_the_jvm() {
    String widest = "new.a + new.b > 1 AND ".repeat(CompiledTier.PARTS_MAX / 5 - 1) + "new.a";
    String mixed =
        "(new.a ?: old.a) in (new.b, new.c) OR ".repeat(CompiledTier.PARTS_MAX / 6 - 1) + "new.a";
    for (String text : List.of(widest, mixed)) {
      assertThat(GroovyPrinter.parts(tree(text)))
          .isBetween(CompiledTier.PARTS_MAX - 10, CompiledTier.PARTS_MAX);
      ClassModel model = ClassFile.of().parse(bytes(source(text)));
      assertThat(model.methods()).allMatch(method -> code(method).codeLength() < 8_000);
    }
  }

  /** The compiler's stack and time are bounded by the parts alone, whatever the depth limit. */
  @Test
  void the_deepest_that_is_compiled_compiles() {
    List<GroovySource> sources = new ArrayList<>();
    for (IntFunction<String> shape : SHAPES) {
      int size = 1;
      while (isCompiled(shape.apply(size + 1))) {
        size++;
      }
      assertThat(size).as(shape.apply(2)).isGreaterThan(1);
      Node deepest = tree(shape.apply(size));
      sources.add(GroovyPrinter.print(deepest, DEEP, "Deepest" + sources.size()));
    }
    assertThat(GroovyCompiler.compile(sources)).hasSameSizeAs(SHAPES);
  }

  @Test
  void says_what_the_closures_say() {
    Random random = new Random(1);
    List<String> texts =
        IntStream.range(0, 100).mapToObj(_ -> new RandomExpressions(random).condition(3)).toList();
    List<Calculation> closures =
        texts.stream().map(GroovyCompilerTest::parsed).flatMap(List::stream).toList();
    List<GroovySource> sources = new ArrayList<>();
    for (Calculation calculation : closures) {
      Node tree = Objects.requireNonNull(Calculations.tree(calculation));
      sources.add(GroovyPrinter.print(tree, CalculationLimits.DEFAULTS, "Random" + sources.size()));
    }
    List<Condition> compiled = GroovyCompiler.compile(sources);
    RandomChanges changes = new RandomChanges(random, true);
    for (int i = 0; i < closures.size(); i++) {
      for (int times = 0; times < 20; times++) {
        Change change = changes.change();
        assertThat(Calculations.outcome(compiled.get(i), change))
            .as(closures.get(i).text() + "\n" + change)
            .isEqualTo(closures.get(i).evaluate(change));
      }
    }
  }

  @Test
  void classes_are_unloaded_with_their_calculations() {
    ReferenceQueue<Class<?>> unloaded = new ReferenceQueue<>();
    List<PhantomReference<Class<?>>> compiled = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      GroovySource source = source("new.amount * 2 > " + i);
      compiled.add(new PhantomReference<>(GroovyCompiler.compile(source).getClass(), unloaded));
    }
    int gone = 0;
    for (int tries = 0; gone < compiled.size() && tries < 100; tries++) {
      System.gc();
      while (unloaded.poll() != null) {
        gone++;
      }
    }
    assertThat(gone).isEqualTo(compiled.size());
  }

  private static boolean isCompiled(String text) {
    return !parsed(text).isEmpty() && GroovyPrinter.parts(tree(text)) <= CompiledTier.PARTS_MAX;
  }

  private static List<Calculation> parsed(String text) {
    return Calculations.parse(text, DEEP) instanceof Parsed.Valid(Calculation calculation)
        ? List.of(calculation)
        : List.of();
  }

  private static Node tree(String text) {
    return Objects.requireNonNull(Calculations.tree(parsed(text).getFirst()));
  }

  private static GroovySource source(String text) {
    return GroovyPrinter.print(tree(text), CalculationLimits.DEFAULTS, "Printed");
  }

  private static byte[] bytes(GroovySource source) {
    return Objects.requireNonNull(
        GroovyCompiler.classes(List.of(source)).get("dev.tocsin.rule.Printed"));
  }

  private static CodeAttribute code(MethodModel method) {
    return (CodeAttribute) method.code().orElseThrow();
  }
}
