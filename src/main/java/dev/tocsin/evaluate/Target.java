package dev.tocsin.evaluate;

import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import java.util.Objects;

/** Where a rule's notifications are sent, and the link that says so. */
public record Target(IntegrationId integration, Destination destination) {
  public Target {
    Objects.requireNonNull(integration);
    Objects.requireNonNull(destination);
  }
}
