package dev.tocsin.rule;

import java.lang.ref.WeakReference;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calculations of a server that are compiled: a bounded number of those asked most.
 *
 * <p>A calculation that has been evaluated {@link TierLimits#compileAfter} times asks for a seat.
 * While there is room it gets one; else one that was not evaluated since the last time somebody
 * asked loses its own to it; else the asker goes on as closures, and asks again after as many
 * evaluations. So a seat changes hands only from a calculation at rest to a busy one, and many busy
 * ones don't drive each other out.
 *
 * <p>Calculations with the same text share a seat. It is held by the calculations alone: when the
 * rule sets that have them are gone, it is free and its class is unloaded; a rule set that was read
 * again finds it as long as the old one is still there.
 *
 * <p>Compilation is done by one thread in the background, which waits for work for a minute and
 * ends. What fails to compile runs as closures for as long as it is loaded.
 */
public final class CompiledTier implements CalculationParser, AutoCloseable {
  /**
   * Parts of a calculation that is compiled at most. The JVM leaves methods of more than 8,000
   * bytes to its interpreter, which is slower than closures.
   */
  static final int PARTS_MAX = 200;

  private static final String CLASS_NAME = "CompiledCalculation";

  private static final Logger log = LoggerFactory.getLogger(CompiledTier.class);

  private final CalculationLimits limits;
  private final TierLimits tier;
  private final ThreadPoolExecutor compiler;

  /** By text, in the order in which they lose their seat. */
  private final Map<String, WeakReference<Seat>> seats = new LinkedHashMap<>();

  private final AtomicLong compilations = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();

  /** A tier that has compiled nothing yet, and starts no thread before it is asked to. */
  public CompiledTier(CalculationLimits limits, TierLimits tier) {
    this.limits = limits;
    this.tier = tier;
    // A task has a seat, so that there is always room for it.
    this.compiler =
        new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(Math.max(1, tier.compiledMax())),
            Thread.ofPlatform().daemon().name("compile calculations").factory());
    compiler.allowCoreThreadTimeOut(true);
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
    WeakReference<Seat> known = seats.get(text);
    return known == null ? null : known.get();
  }

  int compileAfter() {
    return tier.compileAfter();
  }

  /** A seat for a calculation, if it can have one. */
  synchronized @Nullable Seat seat(TieredCalculation asking) {
    Seat known = known(asking.text());
    if (known != null) {
      return known;
    }
    if (seats.size() >= tier.compiledMax() && !makeRoom()) {
      refusals.incrementAndGet();
      return null;
    }
    Seat seat = new Seat();
    try {
      compiler.execute(() -> compile(asking, seat));
    } catch (RejectedExecutionException _) {
      return null; // Closed.
    }
    seats.put(asking.text(), new WeakReference<>(seat));
    return seat;
  }

  /** Has one give its seat up, if one can; those that were used have to be so again. */
  private boolean makeRoom() {
    Iterator<WeakReference<Seat>> all = seats.values().iterator();
    while (all.hasNext()) {
      Seat seat = all.next().get();
      if (seat == null) {
        all.remove();
        return true;
      }
      if (!seat.isWaiting() && !seat.wasUsed()) {
        seat.lose();
        all.remove();
        return true;
      }
    }
    return false;
  }

  private void compile(TieredCalculation calculation, Seat seat) {
    try {
      seat.compiled(
          GroovyCompiler.compile(GroovyPrinter.print(calculation.tree(), limits, CLASS_NAME)));
      compilations.incrementAndGet();
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      failures.incrementAndGet();
      synchronized (this) {
        seats.remove(calculation.text());
      }
      log.error(
          "calculation not compiled, it runs as closures characters={}",
          calculation.text().length(),
          e);
    }
  }

  /** How many calculations have a seat. */
  public synchronized int size() {
    seats.values().removeIf(seat -> seat.get() == null);
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
    compiler.shutdownNow();
  }
}
