package dev.tocsin.webhook;

import java.util.UUID;

/** The id of an integration configuration: the link from a rule to a webhook. */
public record IntegrationId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
