package dev.tocsin.flow;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Destination;
import java.time.Instant;
import java.util.Objects;

/**
 * An integration run that this node may attempt until its lease ends.
 *
 * @param fence the claim's fencing token: an outcome counts only while the run still has it
 * @param attempt the number of the attempt to make, 1 for the first
 * @param leaseEnd when others may take the run over, by the store's clock as this node knows it
 * @param lacksMapping whether the link demands a mapping of the event's account and has none, so
 *     that nothing is to be sent
 */
public record LeasedRun(
    OrganizationId organization,
    RunId id,
    long fence,
    int attempt,
    Instant leaseEnd,
    Destination destination,
    NotificationMessage message,
    boolean lacksMapping) {
  public LeasedRun {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(id);
    Objects.requireNonNull(leaseEnd);
    Objects.requireNonNull(destination);
    Objects.requireNonNull(message);
    if (fence < 1 || attempt < 1) {
      throw new IllegalArgumentException("fence " + fence + ", attempt " + attempt);
    }
  }
}
