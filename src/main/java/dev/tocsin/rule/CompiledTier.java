package dev.tocsin.rule;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calculations of a server that are compiled: a bounded number of those asked most.
 *
 * <p>A calculation that has been evaluated {@link TierLimits#compileAfter} times asks for a seat.
 * While there is room it gets one; else one at rest loses its own to it; else the asker goes on as
 * closures, and asks again after as many evaluations. At rest is what was not evaluated for a whole
 * period, which lasts until one calculation has asked twice in it: so that one was evaluated {@code
 * compileAfter} times, and the one at rest not once. So a seat changes hands only from a
 * calculation at rest to a busy one, and many busy ones don't drive each other out, in whatever
 * order they ask.
 *
 * <p>Calculations with the same text share a seat. It is held by the calculations alone: when the
 * rule sets that have them are gone, it is free and its class is unloaded; a rule set that was read
 * again finds it as long as the old one is still there.
 *
 * <p>Compilation is done by one thread in the background, which waits for work for a minute and
 * ends. Since all organizations share it, what is compiled is bounded: {@link #PARTS_MAX} bounds
 * the nesting of the printed text, too, which the compiler descends into. What fails to compile
 * runs as closures for as long as it is loaded.
 */
public final class CompiledTier implements CalculationParser, AutoCloseable {
  /** A seat as the tier knows it: its calculations are what keeps it. */
  private static final class Held extends WeakReference<Seat> {
    private final String text;

    Held(String text, Seat seat, ReferenceQueue<Seat> abandoned) {
      super(seat, abandoned);
      this.text = text;
    }
  }

  /**
   * Parts of a calculation that is compiled at most, a field's steps counted each. The JVM leaves
   * methods of more than 8,000 bytes to its interpreter, which is slower than closures; and the
   * Groovy compiler overflows its stack or does not end, when some hundred calls are nested.
   */
  static final int PARTS_MAX = 200;

  /** A quarter of it is enough for the deepest that is compiled, whatever {@code -Xss} says. */
  private static final int STACK_BYTES = 4 * 1024 * 1024;

  private static final String CLASS_NAME = "CompiledCalculation";

  private static final Logger log = LoggerFactory.getLogger(CompiledTier.class);

  private final CalculationLimits limits;
  private final TierLimits tier;
  private final Function<GroovySource, Condition> compiler;
  private final ExecutorService thread;

  /** By text. */
  private final Map<String, Held> seats = new HashMap<>();

  private final ReferenceQueue<Seat> abandoned = new ReferenceQueue<>();

  /** Those that were at rest when the period began, which may have been evaluated since. */
  private final Deque<Held> resting = new ArrayDeque<>();

  private long period = 1;
  private boolean closed;

  private final AtomicLong compilations = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /** A tier that has compiled nothing yet, and starts no thread before it is asked to. */
  public CompiledTier(CalculationLimits limits, TierLimits tier) {
    this(limits, tier, GroovyCompiler::compile, thread(tier));
  }

  /**
   * A tier that compiles otherwise.
   *
   * @param thread where, one at a time; shut down with the tier
   */
  CompiledTier(
      CalculationLimits limits,
      TierLimits tier,
      Function<GroovySource, Condition> compiler,
      ExecutorService thread) {
    this.limits = limits;
    this.tier = tier;
    this.compiler = compiler;
    this.thread = thread;
  }

  private static ExecutorService thread(TierLimits tier) {
    ThreadPoolExecutor thread =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            // A task has a seat, so that there is always room for it.
            new ArrayBlockingQueue<>(Math.max(1, tier.compiledMax())),
            Thread.ofPlatform()
                .daemon()
                .name("compile calculations")
                .stackSize(STACK_BYTES)
                .factory());
    thread.allowCoreThreadTimeOut(true);
    return thread;
  }

  @Override
  public Parsed parse(String text) {
    Parsed parsed = Calculations.parse(text, limits);
    if (tier.compiledMax() > 0 && parsed instanceof Parsed.Valid(ParsedCalculation plain)) {
      Node tree = Calculations.tree(plain);
      if (tree != null && GroovyPrinter.parts(tree) <= PARTS_MAX) {
        return new Parsed.Valid(new TieredCalculation(plain, tree, this, known(text)));
      }
    }
    return parsed;
  }

  private synchronized @Nullable Seat known(String text) {
    Held known = seats.get(text);
    return known == null ? null : known.get();
  }

  int compileAfter() {
    return tier.compileAfter();
  }

  /** A seat for a calculation, if it can have one. */
  synchronized @Nullable Seat seat(TieredCalculation asking) {
    Seat known = known(asking.text());
    if (known != null || closed) {
      return known;
    }
    clearAbandoned();
    if (seats.size() >= tier.compiledMax() && !makeRoom(asking)) {
      refusals.incrementAndGet();
      return null;
    }
    Seat seat = new Seat();
    seats.put(asking.text(), new Held(asking.text(), seat, abandoned));
    try {
      thread.execute(() -> compile(asking, seat));
    } catch (OutOfMemoryError | RejectedExecutionException e) {
      // No room for the thread, or in its queue because of that; the event must not suffer from it.
      failed(asking, e);
    }
    return seat;
  }

  private void clearAbandoned() {
    for (Object gone = abandoned.poll(); gone != null; gone = abandoned.poll()) {
      Held held = (Held) gone;
      seats.remove(held.text, held);
    }
  }

  /** Has one at rest give its seat up, if there is one. */
  private boolean makeRoom(TieredCalculation asking) {
    if (asking.askedIn() == period) {
      periodEnds();
    }
    asking.askedIn(period);
    for (Held held = resting.poll(); held != null; held = resting.poll()) {
      Seat seat = held.get();
      if (seat != null && seat.isAtRest()) {
        seat.lose();
        seats.remove(held.text);
        return true;
      }
    }
    return false;
  }

  private void periodEnds() {
    period++;
    resting.clear();
    for (Held held : seats.values()) {
      Seat seat = held.get();
      if (seat != null) {
        seat.periodEnds();
        if (seat.isAtRest()) {
          resting.add(held);
        }
      }
    }
  }

  private void compile(TieredCalculation calculation, Seat seat) {
    try {
      seat.compiled(compiler.apply(GroovyPrinter.print(calculation.tree(), limits, CLASS_NAME)));
      compilations.incrementAndGet();
    } catch (Throwable e) { // Whatever it is, the seat is free again and the thread goes on.
      failed(calculation, e);
    }
  }

  private synchronized void failed(TieredCalculation calculation, Throwable e) {
    failures.incrementAndGet();
    seats.remove(calculation.text());
    log.error(
        "calculation not compiled, it runs as closures characters={}",
        calculation.text().length(),
        e);
  }

  /** How many calculations have a seat. */
  public synchronized int size() {
    clearAbandoned();
    return seats.size();
  }

  /** Compilations that succeeded since the start. */
  public long compilations() {
    return compilations.get();
  }

  /** Compilations that failed since the start. */
  public long failures() {
    return failures.get();
  }

  /** How often a calculation asked for a seat in vain, since the start. */
  public long refusals() {
    return refusals.get();
  }

  /** Compiles nothing more; what is compiled goes on. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    thread.shutdownNow();
  }
}
