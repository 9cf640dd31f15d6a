package dev.tocsin.evaluate;

import dev.tocsin.flow.AccountMappings;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a rule's notifications are sent, and the link that says so. */
public sealed interface Target {
  /** The link. */
  IntegrationId integration();

  /** What it leads to. */
  WebhookId webhook();

  /**
   * One that is sent to.
   *
   * @param mappings the accounts that the link knows; null when it does not demand to know any
   */
  record On(IntegrationId integration, Destination destination, @Nullable AccountMappings mappings)
      implements Target {
    public On {
      Objects.requireNonNull(integration);
      Objects.requireNonNull(destination);
    }

    @Override
    public WebhookId webhook() {
      return destination.id();
    }

    /** Whether an event of this account must not be sent there. */
    boolean lacksMapping(@Nullable String account) {
      return mappings != null && mappings.lack(account);
    }
  }

  /**
   * One that is switched off: what would be sent there is noted down, so that it can be sent once
   * it is on again.
   *
   * @param reason says what is switched off
   */
  record Off(IntegrationId integration, WebhookId webhook, String reason) implements Target {
    public Off {
      Objects.requireNonNull(integration);
      Objects.requireNonNull(webhook);
      Objects.requireNonNull(reason);
    }
  }
}
