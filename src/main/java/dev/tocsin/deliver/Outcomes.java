package dev.tocsin.deliver;

import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.StoreUnavailable;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes on their way to the store. They are written in batches: while one is being written the
 * next fills, so a batch is as large as the store is slow, and a single outcome waits for nothing.
 *
 * <p>When the store cannot be reached they are kept and written again. That is safe even if they
 * were written the first time, because a run still has the same fence then, and what is written is
 * the same.
 */
final class Outcomes {
  private static final Logger log = LoggerFactory.getLogger(Outcomes.class);

  private final DeliveryStore store;
  private final Room room;
  private final int batchMax;
  private final Counter fenced;
  private final Counter lost;
  private final Deque<Attempted> waiting = new ArrayDeque<>();
  private int beingWritten;

  Outcomes(DeliveryStore store, Room room, int batchMax, MeterRegistry meters) {
    this.store = store;
    this.room = room;
    this.batchMax = batchMax;
    this.fenced = meters.counter("tocsin.deliver.fenced");
    this.lost = meters.counter("tocsin.deliver.lost");
  }

  void add(Attempted outcome) {
    waiting.add(outcome);
  }

  /** Whether a round would find nothing to do. */
  boolean isIdle() {
    return waiting.isEmpty();
  }

  /** How many are not written yet. */
  int size() {
    return waiting.size() + beingWritten;
  }

  /** Writes the next batch, if there is one; other outcomes may be added meanwhile. */
  Courier.Round runOnce() {
    List<Attempted> batch = new ArrayList<>();
    while (batch.size() < batchMax && !waiting.isEmpty()) {
      batch.add(waiting.remove());
    }
    if (batch.isEmpty()) {
      return new Courier.Round(0, 0, false);
    }
    beingWritten = batch.size();
    try {
      int dropped = write(batch);
      batch.stream()
          .map(Attempted::run)
          .forEach(run -> room.leave(run.organization(), run.destination().id()));
      return new Courier.Round(batch.size(), dropped, false);
    } catch (StoreUnavailable e) {
      List<LeasedRun> runs = batch.stream().map(Attempted::run).toList();
      log.warn("outcomes kept {} cause=\"{}\"", FirstFew.of(runs), e.getMessage());
      batch.reversed().forEach(waiting::addFirst);
      return new Courier.Round(0, 0, true);
    } finally {
      beingWritten = 0;
    }
  }

  /** Writes a batch; one that is refused is written as two halves, down to what is to blame. */
  private int write(List<Attempted> batch) {
    try {
      List<LeasedRun> dropped = store.record(batch);
      if (!dropped.isEmpty()) {
        fenced.increment(dropped.size());
        log.warn("outcomes dropped {} cause=lease_lost", FirstFew.of(dropped));
      }
      return dropped.size();
    } catch (StoreUnavailable e) {
      throw e;
    } catch (RuntimeException e) {
      if (batch.size() > 1) {
        int half = batch.size() / 2;
        return write(batch.subList(0, half)) + write(batch.subList(half, batch.size()));
      }
      lost.increment();
      Attempted culprit = batch.getFirst();
      log.error(
          "outcome refused organization={} run={}",
          culprit.run().organization(),
          culprit.run().id(),
          e);
      return 0;
    }
  }
}
