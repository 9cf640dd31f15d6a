package dev.tocsin.deliver;

import dev.tocsin.event.OrganizationId;
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
 * The runs that wait in one instance, a queue for each webhook, and whose turn it is. Organizations
 * that may start another attempt take turns of one run each, and so do, in an organization's turns,
 * its webhooks. Whoever has as many in flight as it may is out of the round until an attempt ends.
 * So a receiver that is slow, or dead, or has a thousand runs waiting delays no other, and an
 * organization with a hundred of them delays no other organization.
 */
final class RunQueues {
  private final int perOrganization;
  private final int perWebhook;
  private final Map<OrganizationId, Tenant> tenants = new HashMap<>();
  private final Queue<Tenant> turns = new ArrayDeque<>();

  private static final class Tenant {
    private final Map<WebhookId, Lane> lanes = new HashMap<>();
    private final Queue<Lane> turns = new ArrayDeque<>();
    private int inFlight;
    private boolean hasTurn;
  }

  private static final class Lane {
    private final Queue<LeasedRun> waiting = new ArrayDeque<>();
    private int inFlight;
    private boolean hasTurn;
  }

  /**
   * No runs yet.
   *
   * @param perOrganization most runs of one organization that are in flight at once
   * @param perWebhook most runs of one webhook that are in flight at once
   */
  RunQueues(int perOrganization, int perWebhook) {
    this.perOrganization = perOrganization;
    this.perWebhook = perWebhook;
  }

  /** Puts a run at the end of its webhook's queue. */
  void add(LeasedRun run) {
    Tenant tenant = tenants.computeIfAbsent(run.organization(), organization -> new Tenant());
    Lane lane = tenant.lanes.computeIfAbsent(run.destination().id(), webhook -> new Lane());
    lane.waiting.add(run);
    giveTurn(tenant, lane);
  }

  /**
   * Takes the run whose turn it is, which counts as in flight until {@link #finished}.
   *
   * @return null when none waits that may start
   */
  @Nullable LeasedRun next() {
    Tenant tenant = turns.poll();
    if (tenant == null) {
      return null;
    }
    Lane lane = tenant.turns.remove();
    LeasedRun run = lane.waiting.remove();
    tenant.hasTurn = false;
    lane.hasTurn = false;
    tenant.inFlight++;
    lane.inFlight++;
    giveTurn(tenant, lane);
    return run;
  }

  /** Lets another attempt start in place of a run's, which ended. */
  void finished(LeasedRun run) {
    Tenant tenant = tenants.get(run.organization());
    Lane lane = tenant == null ? null : tenant.lanes.get(run.destination().id());
    if (tenant == null || lane == null) {
      throw new IllegalStateException("nothing is in flight to webhook " + run.destination().id());
    }
    tenant.inFlight--;
    lane.inFlight--;
    giveTurn(tenant, lane);
    if (lane.inFlight == 0 && lane.waiting.isEmpty()) {
      tenant.lanes.remove(run.destination().id());
    }
    if (tenant.lanes.isEmpty()) {
      tenants.remove(run.organization());
    }
  }

  /** Takes every run that waits. */
  List<LeasedRun> takeAll() {
    List<LeasedRun> all = new ArrayList<>();
    turns.clear();
    for (Tenant tenant : tenants.values()) {
      tenant.turns.clear();
      tenant.hasTurn = false;
      for (Lane lane : tenant.lanes.values()) {
        all.addAll(lane.waiting);
        lane.waiting.clear();
        lane.hasTurn = false;
      }
      tenant.lanes.values().removeIf(lane -> lane.inFlight == 0);
    }
    tenants.values().removeIf(tenant -> tenant.lanes.isEmpty());
    return all;
  }

  private void giveTurn(Tenant tenant, Lane lane) {
    if (!lane.hasTurn && lane.inFlight < perWebhook && !lane.waiting.isEmpty()) {
      lane.hasTurn = true;
      tenant.turns.add(lane);
    }
    if (!tenant.hasTurn && tenant.inFlight < perOrganization && !tenant.turns.isEmpty()) {
      tenant.hasTurn = true;
      turns.add(tenant);
    }
  }
}
