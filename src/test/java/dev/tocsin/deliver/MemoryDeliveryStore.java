package dev.tocsin.deliver;

import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.WebhookId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A delivery store in memory, kept to what the real one does by {@link DeliveryStoreContract}. */
public final class MemoryDeliveryStore implements DeliveryStore {
  private final Map<Key, Row> rows = new LinkedHashMap<>();
  private final Set<WebhookId> inactive = new HashSet<>();
  private final Set<WebhookId> unlinked = new HashSet<>();
  private final Set<WebhookId> unmapped = new HashSet<>();
  private final InstantSource clock;
  private final Duration lease;

  private record Key(OrganizationId organization, RunId run) {}

  /** One run. */
  static final class Row {
    private final WebhookId webhook;
    private @Nullable NotificationMessage message;
    private RunStatus status = RunStatus.WAITING;
    private RunStatus waitsAs = RunStatus.WAITING;
    private int attempts;
    private @Nullable Instant dueAt;
    private long fence = 1;
    private @Nullable String error;
    private final Map<Integer, Attempted> tried = new LinkedHashMap<>();

    private Row(WebhookId webhook, NotificationMessage message, Instant dueAt) {
      this.webhook = webhook;
      this.message = message;
      this.dueAt = dueAt;
    }

    private void end(RunStatus how, @Nullable String why) {
      status = how;
      error = why;
      dueAt = null;
    }
  }

  MemoryDeliveryStore(InstantSource clock, Duration lease) {
    this.clock = clock;
    this.lease = lease;
  }

  /** Adds a run that is due at a moment. */
  synchronized void add(
      OrganizationId organization,
      RunId run,
      WebhookId webhook,
      NotificationMessage message,
      Instant dueAt) {
    rows.put(new Key(organization, run), new Row(webhook, message, dueAt));
  }

  synchronized void switchOff(WebhookId webhook) {
    inactive.add(webhook);
  }

  synchronized void unlink(WebhookId webhook) {
    unlinked.add(webhook);
  }

  synchronized void demandMapping(WebhookId webhook) {
    unmapped.add(webhook);
  }

  synchronized void dropEvent(OrganizationId organization, RunId run) {
    row(organization, run).message = null;
  }

  synchronized void makeDue(OrganizationId organization, RunId run) {
    row(organization, run).dueAt = clock.instant();
  }

  synchronized DeliveryStoreContract.Kept kept(OrganizationId organization, RunId run) {
    Row row = row(organization, run);
    return new DeliveryStoreContract.Kept(
        row.status,
        row.attempts,
        row.fence,
        row.dueAt == null ? null : Duration.between(clock.instant(), row.dueAt),
        row.error,
        row.tried.values().stream()
            .map(tried ->
                new DeliveryStoreContract.Tried(
                    tried.run().attempt(), tried.responseStatus(), tried.error(), tried.response()))
            .toList());
  }

  private Row row(OrganizationId organization, RunId run) {
    Row row = rows.get(new Key(organization, run));
    if (row == null) {
      throw new IllegalStateException("no run " + run + " of " + organization);
    }
    return row;
  }

  @Override
  public synchronized Claim claimDue(int max, Crowded except) {
    List<Map.Entry<Key, Row>> due =
        rows.entrySet().stream()
            .filter(entry -> isDue(entry.getValue()))
            .filter(entry -> !except.organizations().contains(entry.getKey().organization()))
            .filter(entry -> !except.webhooks().contains(entry.getValue().webhook))
            .sorted(Comparator.comparing(entry -> dueAt(entry.getValue())))
            .limit(max)
            .toList();
    List<LeasedRun> runs = new ArrayList<>();
    int expired = 0;
    for (Map.Entry<Key, Row> entry : due) {
      Row row = entry.getValue();
      row.fence++;
      if (row.message == null) {
        row.end(RunStatus.ERROR, "nothing to tell");
        expired++;
      } else if (inactive.contains(row.webhook) || unlinked.contains(row.webhook)) {
        row.end(RunStatus.DISABLED, "nowhere to go");
      } else {
        runs.add(lease(entry.getKey(), row, row.message));
      }
    }
    return new Claim(runs, due.size() - runs.size(), expired, due.size());
  }

  private LeasedRun lease(Key key, Row row, NotificationMessage message) {
    Instant end = clock.instant().plus(lease);
    row.dueAt = end;
    row.status = RunStatus.STARTED;
    return new LeasedRun(
        key.organization(),
        key.run(),
        row.fence,
        row.attempts + 1,
        end,
        Samples.destination(row.webhook),
        message,
        unmapped.contains(row.webhook));
  }

  private boolean isDue(Row row) {
    return row.dueAt != null && !row.dueAt.isAfter(clock.instant());
  }

  private static Instant dueAt(Row row) {
    return row.dueAt == null ? Instant.MAX : row.dueAt;
  }

  @Override
  public synchronized List<LeasedRun> record(Collection<Attempted> attempts) {
    List<LeasedRun> dropped = new ArrayList<>();
    for (Attempted attempted : attempts) {
      Row row = rows.get(new Key(attempted.run().organization(), attempted.run().id()));
      if (row == null || row.fence != attempted.run().fence()) {
        dropped.add(attempted.run());
        continue;
      }
      row.attempts = attempted.run().attempt();
      row.tried.putIfAbsent(row.attempts, attempted);
      switch (attempted.next()) {
        case Next.End end -> row.end(end.status(), attempted.error());
        case Next.Retry retry -> {
          row.status = retry.status();
          row.waitsAs = retry.status();
          row.error = attempted.error();
          row.dueAt = clock.instant().plus(retry.after());
        }
      }
    }
    return dropped;
  }

  @Override
  public synchronized void release(Collection<LeasedRun> runs) {
    for (LeasedRun run : runs) {
      Row row = rows.get(new Key(run.organization(), run.id()));
      if (row != null && row.fence == run.fence() && row.dueAt != null) {
        row.status = row.waitsAs;
        row.dueAt = clock.instant();
      }
    }
  }
}
