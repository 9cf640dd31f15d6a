package dev.tocsin.rule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.script.Bindings;
import javax.script.ScriptException;
import javax.script.SimpleBindings;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What {@code docs/calculations.md} says that differs from Groovy, asked of the language and of
 * Groovy: the cases of {@code deviations.json}. What is not listed is {@link OracleTest}'s.
 */
class DeviationsTest {
  private static final GroovyScriptEngineImpl GROOVY = new GroovyScriptEngineImpl();
  private static final Path FILE = Path.of("src/test/resources/oracle/deviations.json");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| (.*) \\| .* \\| .* \\|$");
  private static final Pattern SIDE = Pattern.compile("\\b(n|o)(ew|ld)\\.");

  /**
   * One case of a row.
   *
   * @param is true, false, {@code failed} or {@code refused}
   * @param groovyIs true, false or the name of what is thrown
   */
  record Deviation(
      String row, String calculation, String groovy, Change change, Object is, Object groovyIs) {
    @Override
    public String toString() {
      return calculation;
    }
  }

  static Stream<Deviation> deviations() throws IOException {
    return rows().stream()
        .flatMap(row ->
            ((List<?>) value(row, "cases")).stream().map(one -> deviation(row, (Map<?, ?>) one)));
  }

  @Test
  void every_row_of_the_page_has_cases() throws IOException {
    String page = Files.readString(Path.of("docs/calculations.md"));
    int start = page.indexOf("\n## What differs from Groovy\n");
    String section = page.substring(start, page.indexOf("\n## ", start + 1));
    List<String> written = ROW.matcher(section).results().map(row -> row.group(1)).skip(1).toList();
    assertThat(written).isNotEmpty();
    assertThat(rows()).extracting(row -> value(row, "row")).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("deviations")
  void the_language_differs_from_groovy_as_the_page_says(Deviation deviation) {
    assertThat(here(deviation)).as(deviation.row()).isEqualTo(deviation.is());
    assertThat(inGroovy(deviation)).as("in Groovy: " + deviation).isEqualTo(deviation.groovyIs());
    assertThat(deviation.is()).isNotEqualTo(deviation.groovyIs());
  }

  private static Object here(Deviation deviation) {
    return switch (Calculations.parse(deviation.calculation(), CalculationLimits.DEFAULTS)) {
      case Parsed.Invalid _ -> "refused";
      case Parsed.Valid(Calculation calculation) ->
          switch (calculation.evaluate(deviation.change())) {
            case Outcome.Fires _ -> true;
            case Outcome.DoesNotFire _ -> false;
            case Outcome.Failed _ -> "failed";
          };
    };
  }

  private static Object inGroovy(Deviation deviation) {
    Bindings bindings = new SimpleBindings();
    bindings.put("n", fields(deviation.change().after()));
    bindings.put("o", fields(deviation.change().before()));
    try {
      return GROOVY.eval(deviation.groovy(), bindings);
    } catch (ScriptException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return cause.getClass().getSimpleName();
    }
  }

  private static @Nullable Object fields(@Nullable Payload payload) {
    return payload == null ? null : payload.fields();
  }

  private static List<Map<?, ?>> rows() throws IOException {
    List<?> rows = (List<?>) value(JsonValues.payload(Files.readString(FILE)).fields(), "rows");
    return rows.stream().<Map<?, ?>>map(row -> (Map<?, ?>) row).toList();
  }

  private static Deviation deviation(Map<?, ?> row, Map<?, ?> fields) {
    String calculation = (String) value(fields, "calculation");
    Object groovy = fields.get("groovy");
    return new Deviation(
        (String) value(row, "row"),
        calculation,
        groovy == null ? SIDE.matcher(calculation).replaceAll("$1.") : (String) groovy,
        new Change(Instant.EPOCH, side(fields.get("new")), side(fields.get("old"))),
        value(fields, "is"),
        value(fields, "groovyIs"));
  }

  // JsonValues makes no other maps; and javac leaves the @Nullable of a compact constructor's
  // parameter out of the class file that the tests are compiled against
  @SuppressWarnings({"unchecked", "NullAway"})
  private static @Nullable Payload side(@Nullable Object state) {
    return state == null ? null : new Payload("{}", (Map<String, @Nullable Object>) state);
  }

  private static Object value(Map<?, ?> fields, String name) {
    return Objects.requireNonNull(fields.get(name), () -> name + " of " + fields);
  }
}
