package dev.tocsin.schedule;

import dev.tocsin.event.OrganizationId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How many batches are under way, of all organizations and of each. Thread-safe. */
final class Slots {
  private final int most;
  private final int perOrganizationMost;
  private final Map<OrganizationId, Integer> taken = new HashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private int all;
  private boolean ending;
  private Runnable freed = () -> {};

  Slots(int most, int perOrganizationMost) {
    this.most = most;
    this.perOrganizationMost = perOrganizationMost;
  }

  synchronized void onFreed(Runnable told) {
    freed = told;
  }

  synchronized int taken() {
    return all;
  }

  synchronized int free() {
    return most - all;
  }

  /** The organizations that have as many as they may have. */
  synchronized Set<OrganizationId> full() {
    return taken.entrySet().stream()
        .filter(of -> of.getValue() >= perOrganizationMost)
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  synchronized void take(OrganizationId organization) {
    all++;
    taken.merge(organization, 1, Integer::sum);
  }

  void free(OrganizationId organization) {
    Runnable told = freedBy(organization);
    if (told != null) {
      told.run();
    }
  }

  private synchronized @Nullable Runnable freedBy(OrganizationId organization) {
    all--;
    taken.computeIfPresent(organization, (same, number) -> number == 1 ? null : number - 1);
    if (ending && all == 0) {
      end.countDown();
    }
    return ending ? null : freed;
  }

  /** Waits, unless it is interrupted. */
  void awaitAllFree() {
    if (isBusyAtTheEnd()) {
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized boolean isBusyAtTheEnd() {
    ending = true;
    return all > 0;
  }
}
