package dev.tocsin.stream;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/** Work that a test runs by hand, one piece after the other, in an order of its choice. */
final class Threads implements Executor, Timers {
  private final List<Runnable> waiting = new ArrayList<>();
  private final List<Duration> delays = new ArrayList<>();

  @Override
  public void execute(Runnable work) {
    waiting.add(work);
  }

  @Override
  public void after(Duration delay, Runnable work) {
    delays.add(delay);
    waiting.add(work);
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
    waiting.remove(random.nextInt(waiting.size())).run();
    return true;
  }

  /** Runs everything, the first first, until nothing waits. */
  void runAll() {
    for (int ran = 0; !waiting.isEmpty(); ran++) {
      if (ran > 10_000) {
        throw new AssertionError("the work does not end");
      }
      waiting.removeFirst().run();
    }
  }

  /** Runs what waits now, and not what that makes wait. */
  void runWaiting() {
    List<Runnable> now = List.copyOf(waiting);
    waiting.clear();
    now.forEach(Runnable::run);
  }
}
