package dev.tocsin.webhook;

import java.net.URI;
import java.util.Objects;

/** A webhook as delivery needs it: where to send and what to sign with. */
public record Destination(WebhookId id, URI url, Credentials credentials) {
  public Destination {
    Objects.requireNonNull(id);
    Objects.requireNonNull(url);
    Objects.requireNonNull(credentials);
  }
}
