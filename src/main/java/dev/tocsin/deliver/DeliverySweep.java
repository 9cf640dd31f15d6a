package dev.tocsin.deliver;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.webhook.WebhookId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the runs that are due: retries whose time has come, and runs whose holder vanished, stopped
 * or forgot them. It takes no more than this node has room for, and hands them to the couriers on
 * the same road that new runs take. What a claim brings of a webhook or an organization beyond its
 * own room is given back at once, so that a receiver that comes back after an outage is not kept
 * waiting for leases that nobody uses.
 */
public final class DeliverySweep {
  private static final Logger log = LoggerFactory.getLogger(DeliverySweep.class);

  private final DeliveryStore store;
  private final Room room;
  private final int batchMax;
  private final Consumer<List<LeasedRun>> handover;
  private final Counter claimed;
  private final Counter surplus;
  private final Counter ended;
  private final Counter expired;

  /**
   * A sweep for one node.
   *
   * @param room shared with the couriers
   * @param handover passes runs to the instance of each one's webhook, without waiting; what gets
   *     lost there is found again when its lease ends
   */
  public DeliverySweep(
      DeliverSettings settings,
      DeliveryStore store,
      Room room,
      Consumer<List<LeasedRun>> handover,
      MeterRegistry meters) {
    this.store = store;
    this.room = room;
    this.batchMax = settings.sweepBatch();
    this.handover = handover;
    this.claimed = meters.counter("tocsin.deliver.claimed");
    this.surplus = meters.counter("tocsin.deliver.surplus");
    this.ended = meters.counter("tocsin.deliver.pointless");
    this.expired = meters.counter("tocsin.runs.expired");
  }

  /**
   * What one round did.
   *
   * @param claimed runs that were handed over
   * @param surplus runs that were given back, since there is no room for so many of theirs
   * @param ended runs that had nowhere to go
   * @param more whether it took as much as it may, so that the next round should not wait
   */
  public record Round(int claimed, int surplus, int ended, boolean more) {}

  /** Claims one batch, if there is room for any. */
  public Round runOnce() {
    int max = Math.min(batchMax, room.free());
    if (max <= 0) {
      return new Round(0, 0, 0, false);
    }
    DeliveryStore.Claim claim = store.claimDue(max, room.crowded());
    List<LeasedRun> wanted = new ArrayList<>();
    List<LeasedRun> unwanted = new ArrayList<>();
    Map<OrganizationId, Integer> ofOrganization = new HashMap<>();
    Map<WebhookId, Integer> ofWebhook = new HashMap<>();
    for (LeasedRun run : claim.runs()) {
      OrganizationId organization = run.organization();
      WebhookId webhook = run.destination().id();
      int free =
          Math.min(
              ofOrganization.computeIfAbsent(organization, room::free),
              ofWebhook.computeIfAbsent(webhook, room::free));
      if (free > 0) {
        wanted.add(run);
        ofOrganization.merge(organization, -1, Integer::sum);
        ofWebhook.merge(webhook, -1, Integer::sum);
      } else {
        unwanted.add(run);
      }
    }
    if (!wanted.isEmpty()) {
      handover.accept(wanted);
    }
    if (!unwanted.isEmpty()) {
      store.release(unwanted);
    }
    claimed.increment(wanted.size());
    surplus.increment(unwanted.size());
    ended.increment(claim.ended());
    expired.increment(claim.expired());
    if (claim.expired() > 0) {
      log.warn("runs ended count={} cause=event_expired", claim.expired());
    }
    return new Round(wanted.size(), unwanted.size(), claim.ended(), claim.taken() >= max);
  }
}
