package dev.tocsin.fuzz;

import com.sun.management.ThreadMXBean;
import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationCase;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Measures what every accepted text of the cases costs on the events that are worst for it. */
final class AttackTimes {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int SAMPLES = 41;
  private static final long SAMPLE_NANOS = 50_000;
  private static final double AGAIN_NANOS = 20_000;
  private static final int AGAIN_TIMES = 50;
  private static final int REPETITIONS = 5;

  private final long warmUpNanos;
  private final double nanosMax;
  private long outcomes;

  /**
   * Measures each pair of text and event.
   *
   * @param warmUpNanos the time it is run for before it is measured
   * @param nanosMax what one evaluation may take
   */
  AttackTimes(long warmUpNanos, double nanosMax) {
    this.warmUpNanos = warmUpNanos;
    this.nanosMax = nanosMax;
  }

  /**
   * The processor time of one evaluation, and what it allocates: the median of some samples, or the
   * shortest if that seemed too slow.
   */
  record Cost(CalculationCase text, String event, double nanos, long bytes) {
    @Override
    public String toString() {
      return "%9.1f us %9d bytes  %s  (%s)".formatted(nanos / 1_000, bytes, text, event);
    }
  }

  List<Cost> run() {
    List<Cost> costs = new ArrayList<>();
    CalculationCase.all().forEach(text -> costs.addAll(costs(text)));
    return costs;
  }

  private List<Cost> costs(CalculationCase text) {
    if (!(Calculations.parse(text.calculation(), CalculationLimits.DEFAULTS)
        instanceof Parsed.Valid(Calculation calculation))) {
      return List.of();
    }
    Map<String, Change> events = new LinkedHashMap<>(AdversarialEvents.all());
    events.put("its own event", text.change());
    List<Cost> costs = new ArrayList<>();
    events.forEach((name, event) -> costs.add(cost(text, name, calculation, event)));
    return costs;
  }

  /**
   * Measures again, and better warmed, what seems slow. What seems too slow is so only if it is
   * each time, each time warmed longer: other processes, which share the processor's caches and
   * keep the compiler waiting, can slow an evaluation down, and nothing makes it faster than it is.
   */
  private Cost cost(CalculationCase text, String name, Calculation calculation, Change event) {
    Cost best = cost(text, name, calculation, event, warmUpNanos, SAMPLES / 2);
    for (int i = 0; i < REPETITIONS && best.nanos() > (i == 0 ? AGAIN_NANOS : nanosMax); i++) {
      Cost again =
          cost(
              text,
              name,
              calculation,
              event,
              warmUpNanos * AGAIN_TIMES * (i + 1),
              i == 0 ? SAMPLES / 2 : 0);
      best = again.nanos() < best.nanos() ? again : best;
    }
    return best;
  }

  private Cost cost(
      CalculationCase text,
      String name,
      Calculation calculation,
      Change event,
      long warmUp,
      int rank) {
    long start = System.nanoTime();
    long warmed = 0;
    while (System.nanoTime() - start < warmUp) {
      evaluate(calculation, event);
      warmed++;
    }
    long batch = Math.max(1, SAMPLE_NANOS * warmed / warmUp);
    double[] nanos = new double[SAMPLES];
    long bytes = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < SAMPLES; i++) {
      long begin = THREADS.getCurrentThreadCpuTime();
      for (long n = 0; n < batch; n++) {
        evaluate(calculation, event);
      }
      nanos[i] = (THREADS.getCurrentThreadCpuTime() - begin) / (double) batch;
    }
    bytes = THREADS.getCurrentThreadAllocatedBytes() - bytes;
    Arrays.sort(nanos);
    return new Cost(text, name, nanos[rank], bytes / (SAMPLES * batch));
  }

  /** Counts the outcome, so that no compiler can leave the evaluation out. */
  private void evaluate(Calculation calculation, Change event) {
    outcomes += calculation.evaluate(event) instanceof Outcome.Fires ? 1 : 0;
  }

  /** How many evaluations fired. */
  long fired() {
    return outcomes;
  }
}
