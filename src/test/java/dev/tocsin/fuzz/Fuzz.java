package dev.tocsin.fuzz;

import dev.tocsin.rule.CalculationCase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The long forms: {@code Fuzz texts [--seed n] [--count n]} and {@code Fuzz times [--warm-up ms]}.
 * Ends with 1 when something was found.
 */
final class Fuzz {
  private static final double NANOS_MAX = 50_000;
  private static final long ROUND = 250_000;
  private static final int SHOWN = 12;

  private Fuzz() {}

  public static void main(String[] arguments) throws InterruptedException {
    List<String> options = new ArrayList<>(List.of(arguments));
    String what = options.isEmpty() ? "" : options.removeFirst();
    boolean clean =
        switch (what) {
          case "texts" ->
              texts(option(options, "--seed", 1), option(options, "--count", 5_000_000));
          case "times" -> times(option(options, "--warm-up", 5));
          default -> throw new IllegalArgumentException("texts or times, not '" + what + "'");
        };
    System.exit(clean ? 0 : 1);
  }

  private static boolean texts(long seed, long count) throws InterruptedException {
    Fuzzer fuzzer =
        new Fuzzer(
            new FuzzTexts(CalculationCase.all().map(CalculationCase::calculation).toList()),
            Fuzzer.Clock.READ);
    boolean clean = true;
    for (long done = 0; done < count; done += ROUND) {
      Fuzzer.Round round = fuzzer.run(seed + done, Math.min(ROUND, count - done));
      System.out.printf(
          "seeds from %d: %d texts, %d accepted, slowest %.0f ns a character (seed %d), %d finds%n",
          seed + done,
          round.texts(),
          round.accepted(),
          round.slowestNanosPerCharacter(),
          round.slowest(),
          round.finds().size());
      round.finds().forEach(System.out::println);
      clean &= round.finds().isEmpty();
    }
    return clean;
  }

  private static boolean times(long warmUpMillis) {
    AttackTimes times = new AttackTimes(warmUpMillis * 1_000_000, NANOS_MAX);
    List<AttackTimes.Cost> costs = times.run();
    long over = costs.stream().filter(cost -> cost.nanos() > NANOS_MAX).count();
    System.out.printf(
        "%d pairs of text and event, %d evaluations fired, %d pairs over %.0f us%n",
        costs.size(), times.fired(), over, NANOS_MAX / 1_000);
    show(
        "slowest",
        costs,
        Comparator.comparingDouble(AttackTimes.Cost::nanos),
        Math.max(SHOWN, over));
    show("most allocated", costs, Comparator.comparingLong(AttackTimes.Cost::bytes), SHOWN);
    return over == 0;
  }

  private static void show(
      String title, List<AttackTimes.Cost> costs, Comparator<AttackTimes.Cost> order, long count) {
    System.out.println(title);
    costs.stream().sorted(order.reversed()).limit(count).forEach(System.out::println);
  }

  private static long option(List<String> options, String name, long otherwise) {
    int at = options.indexOf(name);
    return at < 0 ? otherwise : Long.parseLong(options.get(at + 1));
  }
}
