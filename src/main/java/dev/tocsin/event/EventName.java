package dev.tocsin.event;

import java.util.Objects;

/**
 * The name of an event type, such as {@code configuration.commitment.updated}: what a notification
 * configuration listens to.
 */
public record EventName(String value) {
  public EventName {
    Objects.requireNonNull(value);
  }

  @Override
  public String toString() {
    return value;
  }
}
