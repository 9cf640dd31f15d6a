package dev.tocsin.stream;

import dev.tocsin.event.OrganizationId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * Work that organizations do in turns: one piece of an organization at a time, so many in all, and
 * whoever has had a turn is behind all others who wait. Each subscriber who is behind has at most
 * one piece waiting, so that there are no more pieces than subscribers.
 *
 * <p>Thread-safe.
 */
final class Turns {
  /** What waits of an organization; nothing while it has its last turn. */
  private record Line(OrganizationId organization, Deque<Runnable> waiting) {}

  private final Executor threads;
  private final int max;

  /** Those of organizations that have a turn or wait for one. */
  private final Map<OrganizationId, Line> lines = new HashMap<>();

  /** Those of them that wait for one, whose turn it is next first. */
  private final Deque<Line> next = new ArrayDeque<>();

  private int underWay;

  Turns(Executor threads, int max) {
    this.threads = threads;
    this.max = max;
  }

  /** Runs work for an organization when it is its turn. */
  synchronized void take(OrganizationId organization, Runnable work) {
    Line line = lines.get(organization);
    if (line == null) {
      line = new Line(organization, new ArrayDeque<>());
      lines.put(organization, line);
      next.add(line);
    }
    line.waiting().add(work);
    begin();
  }

  private void begin() {
    while (underWay < max && !next.isEmpty()) {
      Line line = next.remove();
      Runnable work = line.waiting().remove();
      underWay++;
      threads.execute(() -> run(line, work));
    }
  }

  private void run(Line line, Runnable work) {
    try {
      work.run();
    } finally {
      end(line);
    }
  }

  private synchronized void end(Line line) {
    underWay--;
    if (line.waiting().isEmpty()) {
      lines.remove(line.organization());
    } else {
      next.add(line);
    }
    begin();
  }
}
