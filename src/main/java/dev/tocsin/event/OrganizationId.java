package dev.tocsin.event;

import java.util.UUID;

/** A tenant: the first part of every key, query, queue and limit. */
public record OrganizationId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
