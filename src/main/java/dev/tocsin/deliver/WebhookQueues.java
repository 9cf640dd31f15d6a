package dev.tocsin.deliver;

import dev.tocsin.flow.LeasedRun;
import dev.tocsin.webhook.WebhookId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * The runs that wait in one instance, a queue for each webhook, and whose turn it is. Webhooks that
 * may start another attempt take turns of one run each; one that has as many in flight as it may is
 * out of the round until an attempt ends. So a receiver that is slow, or dead, or has a thousand
 * runs waiting delays nobody else's.
 */
final class WebhookQueues {
  private final int concurrency;
  private final Map<WebhookId, Lane> lanes = new HashMap<>();
  private final Queue<Lane> turns = new ArrayDeque<>();

  private static final class Lane {
    private final Queue<LeasedRun> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean hasTurn;
  }

  /** No runs yet; so many of one webhook may be in flight at once. */
  WebhookQueues(int concurrency) {
    this.concurrency = concurrency;
  }

  /** Puts a run at the end of its webhook's queue. */
  void add(LeasedRun run) {
    Lane lane = lanes.computeIfAbsent(run.destination().id(), webhook -> new Lane());
    lane.waiting.add(run);
    giveTurn(lane);
  }

  /**
   * Takes the run whose turn it is, which counts as in flight until {@link #finished}.
   *
   * @return null when none waits that may start
   */
  @Nullable LeasedRun next() {
    Lane lane = turns.poll();
    if (lane == null) {
      return null;
    }
    LeasedRun run = lane.waiting.remove();
    lane.inFlight++;
    lane.hasTurn = false;
    giveTurn(lane);
    return run;
  }

  /** Lets a webhook start another attempt in place of one that ended. */
  void finished(WebhookId webhook) {
    Lane lane = lanes.get(webhook);
    if (lane == null) {
      throw new IllegalStateException("nothing is in flight to webhook " + webhook);
    }
    lane.inFlight--;
    giveTurn(lane);
    if (lane.inFlight == 0 && lane.waiting.isEmpty()) {
      lanes.remove(webhook);
    }
  }

  /** Takes every run that waits. */
  List<LeasedRun> takeAll() {
    List<LeasedRun> all = new ArrayList<>();
    for (Lane lane : lanes.values()) {
      all.addAll(lane.waiting);
      lane.waiting.clear();
      lane.hasTurn = false;
    }
    turns.clear();
    lanes.values().removeIf(lane -> lane.inFlight == 0);
    return all;
  }

  private void giveTurn(Lane lane) {
    if (!lane.hasTurn && lane.inFlight < concurrency && !lane.waiting.isEmpty()) {
      lane.hasTurn = true;
      turns.add(lane);
    }
  }
}
