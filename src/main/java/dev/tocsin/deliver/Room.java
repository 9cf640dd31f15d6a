package dev.tocsin.deliver;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many runs a node holds, in all, for each organization and for each webhook: from when a run
 * is taken until its outcome is written down. A run that finds no room is not lost: it stays in the
 * database under its lease, and a sweep finds it when the lease ends.
 *
 * <p>Thread-safe; every instance of deliver on a node shares one with the sweep.
 */
public final class Room {
  private final int perNode;
  private final int perOrganization;
  private final int perWebhook;
  private final Counter fullForWebhook;
  private final Counter fullForOrganization;
  private final Counter fullForNode;
  private final Map<OrganizationId, Integer> heldByOrganization = new HashMap<>();
  private final Map<WebhookId, Integer> heldByWebhook = new HashMap<>();
  private int held;
  private int inFlight;

  /** Nothing is held yet. */
  public Room(DeliverSettings settings, MeterRegistry meters) {
    this.perNode = settings.queueMax();
    this.perOrganization = settings.perOrganizationQueueMax();
    this.perWebhook = settings.perWebhookQueueMax();
    this.fullForWebhook = meters.counter("tocsin.deliver.overflow", "scope", "webhook");
    this.fullForOrganization = meters.counter("tocsin.deliver.overflow", "scope", "organization");
    this.fullForNode = meters.counter("tocsin.deliver.overflow", "scope", "node");
    meters.gauge("tocsin.deliver.held", this, Room::held);
    meters.gauge("tocsin.deliver.inflight", this, Room::inFlight);
  }

  /** Takes the room for one run, which {@link #leave} gives back; answers whether there was any. */
  synchronized boolean enter(OrganizationId organization, WebhookId webhook) {
    if (free(webhook) <= 0) {
      fullForWebhook.increment();
      return false;
    }
    if (free(organization) <= 0) {
      fullForOrganization.increment();
      return false;
    }
    if (free() <= 0) {
      fullForNode.increment();
      return false;
    }
    heldByWebhook.merge(webhook, 1, Integer::sum);
    heldByOrganization.merge(organization, 1, Integer::sum);
    held++;
    return true;
  }

  /** Gives back the room of one run. */
  synchronized void leave(OrganizationId organization, WebhookId webhook) {
    held--;
    heldByOrganization.computeIfPresent(organization, (key, own) -> own == 1 ? null : own - 1);
    heldByWebhook.computeIfPresent(webhook, (key, own) -> own == 1 ? null : own - 1);
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

  /** How many more runs of an organization the node can take, by the organization's own bound. */
  synchronized int free(OrganizationId organization) {
    return perOrganization - heldByOrganization.getOrDefault(organization, 0);
  }

  /** How many more runs of a webhook the node can take, by the webhook's own bound. */
  synchronized int free(WebhookId webhook) {
    return perWebhook - heldByWebhook.getOrDefault(webhook, 0);
  }

  /**
   * Those of whom nothing should be claimed now. They have used more than half of their own room:
   * claiming for every single run that ends would find a batch to have room for one.
   */
  synchronized Crowded crowded() {
    return new Crowded(
        above(perOrganization / 2, heldByOrganization), above(perWebhook / 2, heldByWebhook));
  }

  private static <K> Set<K> above(int half, Map<K, Integer> held) {
    return held.entrySet().stream()
        .filter(entry -> entry.getValue() > half)
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
