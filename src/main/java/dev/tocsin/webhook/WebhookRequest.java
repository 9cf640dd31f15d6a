package dev.tocsin.webhook;

import dev.tocsin.event.EventId;
import java.util.Objects;

/**
 * One request to make.
 *
 * @param id what the receiver deduplicates by: the same for every attempt at a notification
 * @param body JSON
 */
public record WebhookRequest(Destination destination, EventId id, String body) {
  public WebhookRequest {
    Objects.requireNonNull(destination);
    Objects.requireNonNull(id);
    Objects.requireNonNull(body);
  }
}
