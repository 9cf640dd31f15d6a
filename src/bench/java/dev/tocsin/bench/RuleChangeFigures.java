package dev.tocsin.bench;

import dev.tocsin.evaluate.Rule;
import dev.tocsin.evaluate.RuleSet;
import dev.tocsin.evaluate.RuleSet.Listening;
import dev.tocsin.evaluate.RuleSetChanges;
import dev.tocsin.event.Change;
import dev.tocsin.event.EventName;
import dev.tocsin.event.JsonValues;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.CompiledTier;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.TierLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What ten thousand changes of ten thousand rules do to the thread that evaluates by them, as an
 * organization's actor does: how long it stands still for each, what it evaluates meanwhile, what is
 * left in memory. Calculations are compiled too, so that classes come and go. Every thousandth
 * outcome is compared with asking every rule; ends with 1 if one is wrong.
 */
final class RuleChangeFigures {
  private static final int RULES = 10_000;
  private static final int CHANGES = 10_000;
  private static final int EVENTS_BETWEEN = 500;
  private static final int CALM_EVENTS = 2_000_000;
  private static final int CHECKED_ONE_IN = 1_000;
  private static final double MIB = 1 << 20;
  private static final RuleMix[] MIXES = RuleMix.values();
  private static final int RULES_OF_A_MIX = RULES / MIXES.length;

  private static final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  private final CompiledTier tier =
      new CompiledTier(CalculationLimits.DEFAULTS, new TierLimits(100, 1_000));
  private final Random random = new Random(20261124);
  private final Map<RuleMix, Stream> streams = new EnumMap<>(RuleMix.class);

  /** The rules once more, for asking every one; never compiled. Null is one that was removed. */
  private final @Nullable Plain[] plain = new Plain[RULES];

  private final Histogram cpuNanos = new Histogram(3);
  private final Histogram wallNanos = new Histogram(3);
  private final RuleSet rules;
  private int removed = -1;
  private long evaluated;
  private long spent;
  private long checked;
  private long wrong;

  private record Plain(RuleMix mix, Calculation calculation) {}

  /** The events that the rules of a mix listen to. */
  private record Stream(EventName name, List<Change> changes) {}

  private RuleChangeFigures() throws IOException {
    for (RuleMix mix : MIXES) {
      List<Change> changes = new ArrayList<>();
      for (String[] state : mix.states(RULES_OF_A_MIX)) {
        changes.add(
            new Change(
                Instant.EPOCH, JsonValues.payload(state[0]), JsonValues.payload(state[1])));
      }
      streams.put(mix, new Stream(new EventName("about." + mix), changes));
    }
    List<Listening> all = new ArrayList<>();
    for (int slot = 0; slot < RULES; slot++) {
      all.add(written(slot, MIXES[slot / RULES_OF_A_MIX], slot % RULES_OF_A_MIX));
    }
    rules = new RuleSet(1, all);
  }

  public static void main(String[] arguments) throws IOException {
    RuleChangeFigures figures = new RuleChangeFigures();
    figures.run();
    System.exit(figures.wrong == 0 ? 0 : 1);
  }

  private void run() {
    evaluate(CALM_EVENTS); // For the compiler.
    rate("without changes", () -> evaluate(CALM_EVENTS));
    kept("before");
    rate("with changes", () -> change(CHANGES / 2));
    kept("half-way");
    rate("with changes", () -> change(CHANGES - CHANGES / 2));
    kept("after");
    print("follow, of the thread", cpuNanos);
    print("follow, by the clock", wallNanos);
    System.out.printf(
        "%-22s %d, of %d checked, with %d changes and %d compilations%n",
        "wrong outcomes", wrong, checked, cpuNanos.getTotalCount(), tier.compilations());
  }

  private void rate(String what, Runnable work) {
    evaluated = 0;
    spent = 0;
    work.run();
    System.out.printf(
        Locale.ROOT, "%-22s %,.0f events/s, %d events%n", what, evaluated * 1e9 / spent, evaluated);
  }

  private static void print(String what, Histogram nanos) {
    System.out.printf(
        Locale.ROOT,
        "%-22s median %.1f µs, 99 %% %.1f µs, longest %.1f µs%n",
        what,
        nanos.getValueAtPercentile(50) / 1e3,
        nanos.getValueAtPercentile(99) / 1e3,
        nanos.getMaxValue() / 1e3);
  }

  private void change(int count) {
    for (int i = 0; i < count; i++) {
      RuleSetChanges next = next();
      long wall = System.nanoTime();
      long cpu = threads.getCurrentThreadCpuTime();
      rules.follow(next);
      long cpuSpent = threads.getCurrentThreadCpuTime() - cpu;
      cpuNanos.recordValue(cpuSpent);
      wallNanos.recordValue(System.nanoTime() - wall);
      spent += cpuSpent;
      evaluate(EVENTS_BETWEEN);
    }
  }

  /** One rule removed, or put back after that, or replaced by another, maybe of another event. */
  private RuleSetChanges next() {
    Set<RuleId> gone = Set.of();
    List<Listening> put = List.of();
    int slot = removed >= 0 ? removed : slot();
    if (removed < 0 && random.nextInt(4) == 0) {
      removed = slot;
      plain[slot] = null;
      gone = Set.of(id(slot));
    } else {
      removed = -1;
      put = List.of(isComputed(slot) ? computed(slot) : any(slot));
    }
    return new RuleSetChanges(rules.version(), rules.version() + 1, gone, put);
  }

  /** Any rule; one in ten of those that have to be computed. */
  private int slot() {
    return random.nextInt(10) == 0
        ? RULES - RULES_OF_A_MIX + 50 + 100 * random.nextInt(RULES_OF_A_MIX / 100)
        : random.nextInt(RULES);
  }

  private static boolean isComputed(int slot) {
    return slot >= RULES - RULES_OF_A_MIX && slot % 100 == 50;
  }

  /** One that has to be computed, and was not yet, so that it is compiled too. */
  private Listening computed(int slot) {
    return written(slot, RuleMix.ONE_PERCENT_COMPUTED, 50 + 100 * random.nextInt(100_000));
  }

  private Listening any(int slot) {
    RuleMix mix =
        random.nextInt(4) == 0
            ? MIXES[random.nextInt(MIXES.length)]
            : MIXES[slot / RULES_OF_A_MIX];
    return written(slot, mix, random.nextInt(RULES_OF_A_MIX));
  }

  /** A rule as the loader brings it, and beside it the one that is asked to check. */
  private Listening written(int slot, RuleMix mix, int like) {
    plain[slot] = new Plain(mix, mix.parsed(like));
    Calculation calculation = tiered(mix.calculation(like));
    return new Listening(
        stream(mix).name(), new Rule(id(slot), "r" + slot, "Rule", 1, calculation, List.of()));
  }

  private Calculation tiered(String text) {
    return switch (tier.parse(text)) {
      case Parsed.Valid valid -> valid.calculation();
      case Parsed.Invalid invalid -> throw new IllegalStateException(invalid.toString());
    };
  }

  private static RuleId id(int slot) {
    return new RuleId(new UUID(0, slot));
  }

  private Stream stream(RuleMix mix) {
    return Objects.requireNonNull(streams.get(mix));
  }

  private void evaluate(int events) {
    long began = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < events; i++) {
      RuleMix mix = MIXES[i % MIXES.length];
      Stream stream = stream(mix);
      Change change = stream.changes().get(random.nextInt(stream.changes().size()));
      List<Rule> fired = rules.matching(stream.name(), change).fired();
      if (random.nextInt(CHECKED_ONE_IN) == 0) {
        long paused = threads.getCurrentThreadCpuTime();
        check(mix, change, fired);
        began += threads.getCurrentThreadCpuTime() - paused;
      }
    }
    spent += threads.getCurrentThreadCpuTime() - began;
    evaluated += events;
  }

  private void check(RuleMix mix, Change change, List<Rule> fired) {
    Set<RuleId> expected = new HashSet<>();
    for (int slot = 0; slot < RULES; slot++) {
      Plain rule = plain[slot];
      if (rule != null
          && rule.mix() == mix
          && rule.calculation().evaluate(change) == Outcome.Fires.INSTANCE) {
        expected.add(id(slot));
      }
    }
    Set<RuleId> found = new HashSet<>(fired.stream().map(Rule::id).toList());
    checked++;
    if (found.size() < fired.size() || !found.equals(expected)) {
      wrong++;
    }
  }

  private void kept(String when) {
    collect();
    // Groovy lets go of what was collected when it compiles the next time.
    compileOne();
    collect();
    Predicate<MemoryPoolMXBean> metaspace = pool -> pool.getName().equals("Metaspace");
    System.out.printf(
        Locale.ROOT,
        "%-22s %d classes, metaspace %.1f MiB, heap %.1f MiB%n",
        "kept " + when,
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount(),
        ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(metaspace)
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum()
            / MIB,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB);
  }

  private static void collect() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
  }

  private void compileOne() {
    long before = tier.compilations();
    Calculation calculation = tiered("new.amountSpent + new.tax > " + -before);
    Change change = stream(RuleMix.ONE_PERCENT_COMPUTED).changes().getFirst();
    while (tier.compilations() == before) {
      calculation.evaluate(change);
    }
  }
}
