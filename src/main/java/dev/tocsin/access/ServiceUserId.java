package dev.tocsin.access;

import java.util.UUID;

/** The id of a service user: a program that calls the API on behalf of its organization. */
public record ServiceUserId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
