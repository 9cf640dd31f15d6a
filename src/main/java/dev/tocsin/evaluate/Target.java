package dev.tocsin.evaluate;

import dev.tocsin.flow.AccountMappings;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where a rule's notifications are sent, and the link that says so.
 *
 * @param mappings the accounts that the link knows; null when it does not demand to know any
 */
public record Target(
    IntegrationId integration, Destination destination, @Nullable AccountMappings mappings) {
  public Target {
    Objects.requireNonNull(integration);
    Objects.requireNonNull(destination);
  }

  /** Whether an event of this account must not be sent there. */
  boolean lacksMapping(@Nullable String account) {
    return mappings != null && mappings.lack(account);
  }
}
