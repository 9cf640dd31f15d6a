package dev.tocsin.api;

import java.util.Objects;

/** A webhook as its author sends it: the content, and what becomes of the credentials. */
record WebhookDraft(Webhook.Content content, Webhook.CredentialsChange credentials) {
  WebhookDraft {
    Objects.requireNonNull(content);
    Objects.requireNonNull(credentials);
  }
}
