package dev.tocsin.deliver;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.WebhookId;
import java.util.Set;

/** Whose runs a node does not want now, since it holds many of theirs already. */
public record Crowded(Set<OrganizationId> organizations, Set<WebhookId> webhooks) {
  /** Runs of all are wanted. */
  public static final Crowded NOBODY = new Crowded(Set.of(), Set.of());

  public Crowded {
    organizations = Set.copyOf(organizations);
    webhooks = Set.copyOf(webhooks);
  }
}
