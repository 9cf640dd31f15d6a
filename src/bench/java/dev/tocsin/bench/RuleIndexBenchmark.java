package dev.tocsin.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tocsin.event.Change;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.Payload;
import dev.tocsin.rule.RuleId;
import dev.tocsin.rule.index.Matches;
import dev.tocsin.rule.index.RuleIndex;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.event.ruler.Machine;

/** How many events a second find their rules among all those of one organization. */
@Fork(value = 1, jvmArgsAppend = {"@conf/jvm.options", "-Xmx3g"})
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class RuleIndexBenchmark {
  private static final Instant TIME = Instant.parse("2026-11-24T10:00:00Z");

  /** The events, of which each is the next of a round. */
  @State(Scope.Benchmark)
  public abstract static class Events {
    private int last;

    final int next() {
      last = (last + 1) & 4095;
      return last;
    }
  }

  /** The rules in our index. */
  public static class Tocsin extends Events {
    @Param({"100", "10000", "100000"})
    public int rules;

    @Param public RuleMix mix = RuleMix.ACCOUNT;

    private final RuleIndex<Integer> index = new RuleIndex<>();
    private String[][] states = {};
    private Change[] changes = {};

    @Setup
    public void fill() throws IOException {
      for (int i = 0; i < rules; i++) {
        index.put(new RuleId(new UUID(0, i)), i, mix.parsed(i));
      }
      states = mix.states(rules);
      changes = new Change[states.length];
      for (int i = 0; i < states.length; i++) {
        changes[i] = change(JsonValues.payload(states[i][0]), JsonValues.payload(states[i][1]));
      }
    }

    private static Change change(Payload after, Payload before) {
      return new Change(TIME, after, before);
    }
  }

  /** The same rules in event-ruler, so many as it gets loaded within a minute. */
  public static class Ruler extends Events {
    @Param({"100"})
    public int rules;

    @Param({"ACCOUNT", "THRESHOLD"})
    public RuleMix mix = RuleMix.ACCOUNT;

    private final Machine machine = Machine.builder().build();
    private String[] texts = {};
    private JsonNode[] trees = {};

    @Setup
    public void fill() throws IOException {
      for (int i = 0; i < rules; i++) {
        machine.addRule(Integer.toString(i), mix.pattern(i));
      }
      String[][] states = mix.states(rules);
      texts = new String[states.length];
      trees = new JsonNode[states.length];
      ObjectMapper mapper = new ObjectMapper();
      for (int i = 0; i < states.length; i++) {
        texts[i] = "{\"new\":" + states[i][0] + "}";
        trees[i] = mapper.readTree(texts[i]);
      }
    }
  }

  @Benchmark
  public Matches<Integer> tocsinParsed(Tocsin tocsin) {
    return tocsin.index.matching(tocsin.changes[tocsin.next()]);
  }

  @Benchmark
  public Matches<Integer> tocsinText(Tocsin tocsin) throws IOException {
    int event = tocsin.next();
    Payload after = JsonValues.payload(tocsin.states[event][0]);
    Payload before =
        tocsin.mix == RuleMix.CROSSING ? JsonValues.payload(tocsin.states[event][1]) : after;
    return tocsin.index.matching(Tocsin.change(after, before));
  }

  @Benchmark
  public List<String> rulerParsed(Ruler ruler) {
    return ruler.machine.rulesForJSONEvent(ruler.trees[ruler.next()]);
  }

  @Benchmark
  public List<String> rulerText(Ruler ruler) throws Exception {
    return ruler.machine.rulesForJSONEvent(ruler.texts[ruler.next()]);
  }
}
