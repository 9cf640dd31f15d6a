package dev.tocsin.api;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where work that may wait gets a thread of its own: so many at the same time, so many in line, and
 * of either only so many of one tenant. Tenants in line take turns, so that one with a long line
 * does not keep another waiting.
 *
 * <p>Thread-safe.
 *
 * @param <K> what tenants are told apart by
 */
final class Desk<K> {
  /** Whose bound a refused work would break. */
  enum Refusal {
    TENANT,
    SERVER
  }

  /**
   * The bounds of a desk.
   *
   * @param runningMax most works that run
   * @param waitingMax most works in line
   * @param perTenantMax most works of one tenant, running or in line
   */
  record Limits(int runningMax, int waitingMax, int perTenantMax) {}

  /** A tenant's works; there is one only while it has any. */
  private static final class Line {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int works;
  }

  private record Turn<K>(K tenant, Runnable work) {}

  private final Limits limits;
  private final Executor threads;
  private final Counter refusedForTenant;
  private final Counter refusedForServer;
  private final Map<K, Line> lines = new HashMap<>();

  /** The tenants that have work in line, each once, the next first. */
  private final Queue<K> turns = new ArrayDeque<>();

  private int running;
  private int waiting;

  /**
   * A desk without work.
   *
   * @param threads runs each work on a thread that may wait, and never refuses
   * @param name what its meters begin with
   */
  Desk(Limits limits, Executor threads, MeterRegistry meters, String name) {
    this.limits = limits;
    this.threads = threads;
    this.refusedForTenant = meters.counter(name + ".refused", "scope", "organization");
    this.refusedForServer = meters.counter(name + ".refused", "scope", "server");
    meters.gauge(name + ".running", this, Desk::running);
    meters.gauge(name + ".waiting", this, Desk::waiting);
  }

  /** Takes work on, to be run soon, unless that would break a bound. */
  @Nullable Refusal take(K tenant, Runnable work) {
    Refusal refusal = enter(tenant, work);
    switch (refusal) {
      case null -> {}
      case TENANT -> refusedForTenant.increment();
      case SERVER -> refusedForServer.increment();
    }
    return refusal;
  }

  private synchronized @Nullable Refusal enter(K tenant, Runnable work) {
    Line line = lines.get(tenant);
    if (line != null && line.works >= limits.perTenantMax()) {
      return Refusal.TENANT;
    }
    if (running >= limits.runningMax() && waiting >= limits.waitingMax()) {
      return Refusal.SERVER;
    }
    if (line == null) {
      line = new Line();
      lines.put(tenant, line);
    }
    line.works++;
    if (running < limits.runningMax()) {
      start(new Turn<>(tenant, work));
    } else {
      if (line.waiting.isEmpty()) {
        turns.add(tenant);
      }
      line.waiting.add(work);
      waiting++;
    }
    return null;
  }

  private void start(Turn<K> turn) {
    running++;
    threads.execute(() -> {
      try {
        turn.work().run();
      } finally {
        leave(turn.tenant());
      }
    });
  }

  private synchronized void leave(K tenant) {
    running--;
    Line line = lines.get(tenant);
    if (line == null) {
      throw new IllegalStateException(tenant + " leaves without having been taken on");
    }
    line.works--;
    if (line.works == 0) {
      lines.remove(tenant);
    }
    Turn<K> next = next();
    if (next != null) {
      start(next);
    }
  }

  private @Nullable Turn<K> next() {
    K tenant = turns.poll();
    Line line = tenant == null ? null : lines.get(tenant);
    Runnable work = line == null ? null : line.waiting.poll();
    if (tenant == null || line == null || work == null) {
      return null;
    }
    waiting--;
    if (!line.waiting.isEmpty()) {
      turns.add(tenant);
    }
    return new Turn<>(tenant, work);
  }

  private synchronized int running() {
    return running;
  }

  private synchronized int waiting() {
    return waiting;
  }
}
