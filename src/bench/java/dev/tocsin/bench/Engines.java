package dev.tocsin.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs {@link EnginesBenchmark} and prints its table: {@code Engines [--quick] [ENGINE…]}. */
final class Engines {
  private Engines() {}

  public static void main(String[] arguments) throws RunnerException {
    List<String> names = new ArrayList<>(List.of(arguments));
    boolean quick = names.remove("--quick");
    List<Engine> engines =
        Stream.of(Engine.values())
            .filter(engine -> names.isEmpty() || names.contains(engine.name()))
            .toList();
    Map<Engine, Map<EngineRule, String>> table = new EnumMap<>(Engine.class);
    for (EngineRule rule : EngineRule.values()) {
      for (RunResult result : new Runner(options(rule, engines, quick)).run()) {
        Engine engine = Engine.valueOf(result.getParams().getParam("engine"));
        table
            .computeIfAbsent(engine, _ -> new EnumMap<>(EngineRule.class))
            .put(rule, shown(result.getPrimaryResult()));
      }
    }
    print(table);
  }

  private static Options options(EngineRule rule, Collection<Engine> engines, boolean quick) {
    String[] able =
        engines.stream()
            .filter(engine -> engine.isExact() || !rule.isExact())
            .map(Engine::name)
            .toArray(String[]::new);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(EnginesBenchmark.class.getName())
            .param("rule", rule.name())
            .param("engine", able)
            .shouldFailOnError(true);
    return quick
        ? options
            .forks(1)
            .warmupIterations(3)
            .measurementIterations(5)
            .measurementTime(TimeValue.milliseconds(500))
            .build()
        : options.build();
  }

  private static String shown(Result<?> result) {
    return String.format(Locale.ROOT, "%.1f ± %.1f", result.getScore(), result.getScoreError());
  }

  private static void print(Map<Engine, Map<EngineRule, String>> table) {
    System.out.println("| ns per evaluation | " + String.join(" | ", rules()) + " |");
    System.out.println("|---|" + "---:|".repeat(EngineRule.values().length));
    table.forEach(
        (engine, figures) ->
            System.out.println(
                "| %s | %s |"
                    .formatted(
                        engine.words(),
                        String.join(
                            " | ",
                            Stream.of(EngineRule.values())
                                .map(rule -> figures.getOrDefault(rule, "no decimals"))
                                .toList()))));
  }

  private static List<String> rules() {
    return Stream.of(EngineRule.values())
        .map(rule -> rule.name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
