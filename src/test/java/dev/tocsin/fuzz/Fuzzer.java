package dev.tocsin.fuzz;

import com.sun.management.ThreadMXBean;
import dev.tocsin.event.Change;
import dev.tocsin.rule.Calculation;
import dev.tocsin.rule.CalculationLimits;
import dev.tocsin.rule.Calculations;
import dev.tocsin.rule.Outcome;
import dev.tocsin.rule.Parsed;
import dev.tocsin.rule.Problem;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Feeds texts to the language, one for each seed, and says what should not have happened: an
 * exception, an answer that changes from one time to the next, a problem that stands nowhere in the
 * text or repeats what cannot be seen, or memory or a time that the text's length does not explain.
 *
 * <p>Memory is the measure of work that a test can hold texts to: it is the same on a busy machine
 * and before the JVM has compiled anything.
 *
 * <p>It runs on a small stack, which unbounded recursion overflows soon.
 */
final class Fuzzer {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int STACK_BYTES = 256 << 10;
  private static final int EVENTS_PER_TEXT = 3;
  private static final int MESSAGE_MAX = 300;

  /** Twenty times what a parser takes that is warm, on a machine that does nothing else. */
  private static final long NANOS_PER_CHARACTER = 2_000;

  private static final long NANOS_PER_TEXT = 2_000_000;
  private static final long NANOS_PER_EVALUATION = 5_000_000;

  /** So often a JVM that has just started compiles what it runs. */
  private static final int TIMES_AGAIN = 200;

  /** A pattern may grow to its greatest program before it is refused. */
  private static final long BYTES_PER_TEXT = 2 << 20;

  private static final long BYTES_PER_CHARACTER = 4 << 10;
  private static final long BYTES_PER_EVALUATION = 256 << 10;

  /** Whether a text is also held to a time, which needs a machine that does nothing else. */
  enum Clock {
    READ,
    IGNORED
  }

  private final FuzzTexts texts;
  private final Clock clock;
  private final List<Change> events = List.copyOf(AdversarialEvents.all().values());

  Fuzzer(FuzzTexts texts, Clock clock) {
    this.texts = texts;
    this.clock = clock;
  }

  /** What a seed's text led to that should not be. */
  record Find(long seed, String text, String what) {}

  /**
   * What some seeds led to.
   *
   * @param slowest the seed whose text took longest to read for its length
   */
  record Round(
      long texts, long accepted, List<Find> finds, long slowest, double slowestNanosPerCharacter) {
    Round {
      finds = List.copyOf(finds);
    }
  }

  /** Tries so many seeds in their order. */
  Round run(long firstSeed, long count) throws InterruptedException {
    Tally tally = new Tally();
    Thread thread =
        new Thread(
            null,
            () ->
                LongStream.range(firstSeed, firstSeed + count)
                    .forEach(seed -> tally.add(seed, this)),
            "fuzzer",
            STACK_BYTES);
    AtomicReference<@Nullable Throwable> died = new AtomicReference<>();
    thread.setUncaughtExceptionHandler((_, thrown) -> died.set(thrown));
    thread.start();
    thread.join();
    if (died.get() != null) {
      throw new IllegalStateException("the fuzzer itself failed", died.get());
    }
    return tally.round();
  }

  private static final class Tally {
    private final List<Find> finds = new ArrayList<>();
    private long texts;
    private long accepted;
    private long slowest;
    private double slowestNanos;

    void add(long seed, Fuzzer fuzzer) {
      String text = fuzzer.texts.text(seed);
      texts++;
      try {
        long start = System.nanoTime();
        Parsed parsed = parse(text);
        double nanos = (System.nanoTime() - start) / (text.length() + 100.0);
        if (nanos > slowestNanos) {
          slowest = seed;
          slowestNanos = nanos;
        }
        accepted += parsed instanceof Parsed.Valid ? 1 : 0;
        fuzzer.wrong(seed, text, parsed).ifPresent(what -> finds.add(new Find(seed, text, what)));
      } catch (RuntimeException | Error thrown) {
        finds.add(new Find(seed, text, thrown.toString()));
      }
    }

    Round round() {
      return new Round(texts, accepted, finds, slowest, slowestNanos);
    }
  }

  private Optional<String> wrong(long seed, String text, Parsed first) {
    long nanos = NANOS_PER_TEXT + NANOS_PER_CHARACTER * text.length();
    if (isSlower(nanos, () -> parse(text))) {
      return Optional.of("it took longer than " + nanos + " ns to read");
    }
    long bytes = BYTES_PER_TEXT + BYTES_PER_CHARACTER * text.length();
    if (allocated(() -> parse(text)) > bytes) {
      return Optional.of("it took more than " + bytes + " bytes to read");
    }
    return switch (first) {
      case Parsed.Valid(Calculation calculation) ->
          parse(text) instanceof Parsed.Valid(Calculation again)
              ? wrongOutcome(seed, calculation, again)
              : Optional.of("accepted once only");
      case Parsed.Invalid invalid -> wrongProblem(text, invalid);
    };
  }

  private Optional<String> wrongOutcome(long seed, Calculation calculation, Calculation again) {
    for (int i = 0; i < EVENTS_PER_TEXT; i++) {
      Change event =
          events.get((int) Math.floorMod(seed * EVENTS_PER_TEXT + i, (long) events.size()));
      Outcome outcome = calculation.evaluate(event);
      if (!outcome.equals(again.evaluate(event))) {
        return Optional.of("it has two outcomes, one of them " + outcome);
      }
      if (isSlower(NANOS_PER_EVALUATION, () -> calculation.evaluate(event))) {
        return Optional.of("it took longer than " + NANOS_PER_EVALUATION + " ns to evaluate");
      }
      if (allocated(() -> calculation.evaluate(event)) > BYTES_PER_EVALUATION) {
        return Optional.of("it took more than " + BYTES_PER_EVALUATION + " bytes to evaluate");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wrongProblem(String text, Parsed.Invalid invalid) {
    if (!invalid.equals(parse(text))) {
      return Optional.of("refused for two reasons, one of them " + invalid);
    }
    if (invalid.problems().isEmpty()) {
      return Optional.of("refused without a reason");
    }
    for (Problem problem : invalid.problems()) {
      if (!isInside(text, problem)) {
        return Optional.of("there is no such place: " + problem);
      }
      if (problem.message().length() > MESSAGE_MAX
          || !problem.message().chars().allMatch(c -> c >= ' ' && c < 127)) {
        return Optional.of("the message is long or cannot be read: " + problem);
      }
    }
    return Optional.empty();
  }

  /** Whether a problem stands at a character of the text, or behind the last one of a line. */
  private static boolean isInside(String text, Problem problem) {
    String[] lines = text.split("\r\n|\r|\n", -1);
    return problem.line() >= 1
        && problem.line() <= lines.length
        && problem.column() >= 1
        && problem.column() <= lines[problem.line() - 1].length() + 1;
  }

  /** Whether the fastest of several times is too slow, so that no pause of the machine counts. */
  private boolean isSlower(long nanos, Supplier<@Nullable Object> work) {
    if (clock == Clock.IGNORED) {
      return false;
    }
    for (int i = 0; i < TIMES_AGAIN; i++) {
      long start = System.nanoTime();
      Object result = work.get();
      if (System.nanoTime() - start <= nanos) {
        // Never; asked so that the work cannot be left out.
        return result == null;
      }
    }
    return true;
  }

  /** How many bytes this thread allocates for some work, of which it did the same before. */
  private static long allocated(Supplier<@Nullable Object> work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    Objects.requireNonNull(work.get());
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  private static Parsed parse(String text) {
    return Calculations.parse(text, CalculationLimits.DEFAULTS);
  }
}
