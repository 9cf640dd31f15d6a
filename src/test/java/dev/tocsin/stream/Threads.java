package dev.tocsin.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;

/** Work that a test runs by hand, one piece after the other, in an order of its choice. */
final class Threads implements Executor, Timers {
  private final List<Runnable> waiting = new ArrayList<>();

  /** Those of them that wait for a while to pass. */
  private final Set<Runnable> delayed = Collections.newSetFromMap(new IdentityHashMap<>());

  private final List<Duration> delays = new ArrayList<>();

  @Override
  public void execute(Runnable work) {
    waiting.add(work);
  }

  @Override
  public void after(Duration delay, Runnable work) {
    delays.add(delay);
    delayed.add(work);
    waiting.add(work);
  }

  /** How many pieces wait for a while to pass. */
  int delayed() {
    return delayed.size();
  }

  /** The delays that were asked for since this was called last. */
  List<Duration> delays() {
    List<Duration> asked = List.copyOf(delays);
    delays.clear();
    return asked;
  }

  /** Runs one piece, if any waits. */
  boolean runOne(Random random) {
    if (waiting.isEmpty()) {
      return false;
    }
    run(waiting.remove(random.nextInt(waiting.size())));
    return true;
  }

  /** Runs everything, the first first, until nothing waits. */
  void runAll() {
    for (int ran = 0; !waiting.isEmpty(); ran++) {
      if (ran > 10_000) {
        throw new AssertionError("the work does not end");
      }
      run(waiting.removeFirst());
    }
  }

  /** Runs what waits now, and not what that makes wait. */
  void runWaiting() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(this::run);
  }

  /** Runs what waits, and what that makes wait, while no time passes. */
  void runReady() {
    for (int ran = 0; ran <= 10_000; ran++) {
      Optional<Runnable> ready =
          waiting.stream().filter(work -> !delayed.contains(work)).findFirst();
      if (ready.isEmpty()) {
        return;
      }
      waiting.remove(ready.get());
      run(ready.get());
    }
    throw new AssertionError("the work does not end");
  }

  private void run(Runnable work) {
    delayed.remove(work);
    work.run();
  }
}
