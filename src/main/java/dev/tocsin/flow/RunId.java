package dev.tocsin.flow;

import java.util.UUID;

/** The id of an integration run: one delivery of a notification to a webhook, with its attempts. */
public record RunId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
