package dev.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.RuleIndex;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import software.amazon.event.ruler.Machine;

/**
 * The same question as {@link RuleIndexBenchmark}, in nanoseconds of the thread's own processor
 * time, best of many rounds: for a machine that is not quiet. Prints a line as soon as it has it.
 */
final class RuleMatchFigures {
  private static final int[] RULES = {100, 10_000, 100_000};
  private static final long NANOS = 3_000_000_000L;
  private static final int ROUND_EVENTS = 4096;

  /** How many rules fire on an event. */
  private interface Matching {
    int fired(int event) throws Exception;
  }

  private RuleMatchFigures() {}

  /** Measures event-ruler too if there is any argument; that takes minutes to load. */
  public static void main(String[] arguments) throws Exception {
    for (RuleMix mix : RuleMix.values()) {
      for (int rules : RULES) {
        tocsin(mix, rules);
      }
    }
    if (arguments.length > 0) {
      for (int rules : RULES) {
        ruler(RuleMix.THRESHOLD, rules);
        ruler(RuleMix.ACCOUNT, rules);
      }
    }
  }

  private static void tocsin(RuleMix mix, int rules) throws Exception {
    RuleIndex<Integer> index = new RuleIndex<>();
    for (int i = 0; i < rules; i++) {
      index.put(new RuleId(new UUID(0, i)), i, mix.parsed(i));
    }
    String[][] states = mix.states(rules);
    Change[] changes = new Change[states.length];
    for (int i = 0; i < states.length; i++) {
      changes[i] = change(states[i]);
    }
    print("tocsin parsed", mix, rules, event -> index.matching(changes[event]).fired().size());
    print("tocsin text", mix, rules, event -> index.matching(change(states[event])).fired().size());
  }

  private static Change change(String[] states) throws IOException {
    return new Change(
        Instant.EPOCH, JsonValues.payload(states[0]), JsonValues.payload(states[1]));
  }

  private static void ruler(RuleMix mix, int rules) throws Exception {
    Machine machine = Machine.builder().build();
    long began = cpu();
    for (int i = 0; i < rules; i++) {
      machine.addRule(Integer.toString(i), mix.pattern(i));
    }
    System.out.printf(
        Locale.ROOT, "event-ruler loads %d of %s in %.1f s%n", rules, mix, (cpu() - began) / 1e9);
    ObjectMapper mapper = new ObjectMapper();
    String[][] states = mix.states(rules);
    String[] texts = new String[states.length];
    JsonNode[] trees = new JsonNode[states.length];
    for (int i = 0; i < states.length; i++) {
      texts[i] = "{\"new\":" + states[i][0] + "}";
      trees[i] = mapper.readTree(texts[i]);
    }
    print(
        "event-ruler parsed", mix, rules, event -> machine.rulesForJSONEvent(trees[event]).size());
    print("event-ruler text", mix, rules, event -> machine.rulesForJSONEvent(texts[event]).size());
  }

  private static void print(String what, RuleMix mix, int rules, Matching matching)
      throws Exception {
    long best = Long.MAX_VALUE;
    long fired = 0;
    long end = cpu() + NANOS;
    while (cpu() < end) {
      long began = cpu();
      fired = 0;
      for (int event = 0; event < ROUND_EVENTS; event++) {
        fired += matching.fired(event);
      }
      best = Math.min(best, (cpu() - began) / ROUND_EVENTS);
    }
    System.out.printf(
        Locale.ROOT,
        "%-20s %-22s %7d %10d ns %12d events/s, %.2f fire%n",
        what,
        mix,
        rules,
        best,
        1_000_000_000L / best,
        fired / (double) ROUND_EVENTS);
  }

  private static long cpu() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadCpuTime();
  }
}
