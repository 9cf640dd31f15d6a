package dev.tocsin.bench;

import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.RuleIndex;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import org.HdrHistogram.Histogram;

/**
 * What an index costs besides time on events: to load it, to keep it, to change it. Prints a line
 * for each mix of rules.
 */
final class RuleIndexFigures {
  private static final int RULES = 100_000;
  private static final int CHANGES = 100_000;

  private RuleIndexFigures() {}

  public static void main(String[] arguments) {
    System.out.printf(
        "%-22s %8s %14s %14s %14s %14s%n",
        "mix", "load s", "bytes a rule", "of the index", "a change µs", "the longest");
    for (RuleMix mix : RuleMix.values()) {
      // Once for the compiler, which a server that loads rules has had too.
      List<Calculation> calculations = calculations(mix);
      changes(calculations, indexed(calculations));
      print(mix);
    }
  }

  private static void print(RuleMix mix) {
    long empty = used();
    long began = System.nanoTime();
    List<Calculation> calculations = calculations(mix);
    long nanos = System.nanoTime() - began;
    long withCalculations = used();
    began = System.nanoTime();
    RuleIndex<Integer> index = indexed(calculations);
    nanos += System.nanoTime() - began;
    long withIndex = used();
    Histogram changes = changes(calculations, index);
    System.out.printf(
        Locale.ROOT,
        "%-22s %8.2f %14d %14d %14.1f %14.1f%n",
        mix,
        nanos / 1e9,
        (withIndex - empty) / RULES,
        (withIndex - withCalculations) / RULES,
        changes.getValueAtPercentile(50) / 1e3,
        changes.getMaxValue() / 1e3);
  }

  private static List<Calculation> calculations(RuleMix mix) {
    List<Calculation> calculations = new ArrayList<>(RULES);
    for (int i = 0; i < RULES; i++) {
      calculations.add(mix.parsed(i));
    }
    return calculations;
  }

  private static RuleIndex<Integer> indexed(List<Calculation> calculations) {
    RuleIndex<Integer> index = new RuleIndex<>();
    for (int i = 0; i < calculations.size(); i++) {
      index.put(id(i), i, calculations.get(i));
    }
    return index;
  }

  /**
   * Takes random rules out, and puts in those that are out. The time is the thread's own: what the
   * collector or another process takes from it is not the index's doing.
   */
  private static Histogram changes(List<Calculation> calculations, RuleIndex<Integer> index) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    Histogram nanos = new Histogram(3);
    Random random = new Random(1);
    for (int i = 0; i < CHANGES; i++) {
      int rule = random.nextInt(RULES);
      long began = threads.getCurrentThreadCpuTime();
      if (!index.remove(id(rule))) {
        index.put(id(rule), rule, calculations.get(rule));
      }
      nanos.recordValue(threads.getCurrentThreadCpuTime() - began);
    }
    return nanos;
  }

  private static RuleId id(int rule) {
    return new RuleId(new UUID(0, rule));
  }

  /** Bytes in use after a few full collections. */
  private static long used() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }
}
