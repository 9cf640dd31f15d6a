package dev.tocsin.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What does one evaluation of a rule cost, beside other engines? Each engine and rule runs in a JVM
 * of its own, over sixteen events in turn, so that no branch is foreseen for free. {@link Engines}
 * runs it and prints the table.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class EnginesBenchmark {
  private static final int EVENTS = 16;

  /** A name of {@link EngineRule}. */
  @Param("DOUBLES")
  public String rule = "";

  /** A name of {@link Engine}. */
  @Param("LAMBDA")
  public String engine = "";

  private Engine.Verdict verdict = _ -> false;
  private int next;

  /** Refuses to measure an engine that does not say what the lambda says of every event. */
  @Setup
  public void agree() {
    EngineRule asked = EngineRule.valueOf(rule);
    verdict = Engine.valueOf(engine).verdict(asked);
    Engine.Verdict expected = Engine.LAMBDA.verdict(asked);
    for (int event = 0; event < EVENTS; event++) {
      if (verdict.fires(event) != expected.fires(event)) {
        throw new IllegalStateException(
            "%s and the lambda disagree on event %d of %s".formatted(engine, event, rule));
      }
    }
  }

  @Benchmark
  public boolean evaluation() {
    next = (next + 1) % EVENTS;
    return verdict.fires(next);
  }
}
