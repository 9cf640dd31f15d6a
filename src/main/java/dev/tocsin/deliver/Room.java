package dev.tocsin.deliver;

import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many runs a node holds, over all webhooks and for each: from when a run is taken until its
 * outcome is written down. A run that finds no room is not lost: it stays in the database under its
 * lease, and a sweep finds it when the lease ends.
 *
 * <p>Thread-safe; every instance of deliver on a node shares one with the sweep.
 */
public final class Room {
  private final int perNode;
  private final int perWebhook;
  private final Counter fullForWebhook;
  private final Counter fullForNode;
  private final Map<WebhookId, Integer> heldByWebhook = new HashMap<>();
  private int held;
  private int inFlight;

  /** Nothing is held yet. */
  public Room(DeliverSettings settings, MeterRegistry meters) {
    this.perNode = settings.queueMax();
    this.perWebhook = settings.perWebhookQueueMax();
    this.fullForWebhook = meters.counter("tocsin.deliver.overflow", "scope", "webhook");
    this.fullForNode = meters.counter("tocsin.deliver.overflow", "scope", "node");
    meters.gauge("tocsin.deliver.held", this, Room::held);
    meters.gauge("tocsin.deliver.inflight", this, Room::inFlight);
  }

  /** Takes the room for one run, which {@link #leave} gives back; answers whether there was any. */
  synchronized boolean enter(WebhookId webhook) {
    int own = heldByWebhook.getOrDefault(webhook, 0);
    if (own >= perWebhook) {
      fullForWebhook.increment();
      return false;
    }
    if (held >= perNode) {
      fullForNode.increment();
      return false;
    }
    heldByWebhook.put(webhook, own + 1);
    held++;
    return true;
  }

  /** Gives back the room of one run. */
  synchronized void leave(WebhookId webhook) {
    held--;
    heldByWebhook.merge(webhook, -1, (own, less) -> own + less == 0 ? null : own + less);
  }

  /**
   * Counts an attempt that starts, for the gauge over all instances; {@link #ended} when it ends.
   */
  synchronized void started() {
    inFlight++;
  }

  /** Counts an attempt that ended. */
  synchronized void ended() {
    inFlight--;
  }

  /** How many more runs the node can take. */
  synchronized int free() {
    return perNode - held;
  }

  /** How many more runs of a webhook the node can take, by the webhook's own bound. */
  synchronized int free(WebhookId webhook) {
    return perWebhook - heldByWebhook.getOrDefault(webhook, 0);
  }

  /**
   * The webhooks of which nothing should be claimed now. They have used more than half of their own
   * room: claiming for every single run that ends would find a batch to have room for one.
   */
  synchronized Set<WebhookId> crowded() {
    return heldByWebhook.entrySet().stream()
        .filter(entry -> entry.getValue() > perWebhook / 2)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  private synchronized int inFlight() {
    return inFlight;
  }

  private synchronized int held() {
    return held;
  }
}
