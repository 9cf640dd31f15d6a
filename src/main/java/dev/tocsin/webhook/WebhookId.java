package dev.tocsin.webhook;

import java.util.UUID;

/** The id of a webhook, which the API also calls an integration destination. */
public record WebhookId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
