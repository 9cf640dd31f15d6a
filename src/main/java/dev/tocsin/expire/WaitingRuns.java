package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RunId;
import java.util.List;
import java.util.Objects;

/** Integration runs that wait to be attempted. */
@FunctionalInterface
public interface WaitingRuns {
  /**
   * Ends runs whose event has expired as {@code ERROR}, at most so many, and owes their customers
   * an event that tells of it. Those that somebody works on are left to him.
   */
  List<Ended> endExpired(int max);

  /** A run that was ended. */
  record Ended(OrganizationId organization, RunId run) {
    public Ended {
      Objects.requireNonNull(organization);
      Objects.requireNonNull(run);
    }
  }
}
