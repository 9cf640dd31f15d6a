package dev.tocsin.api;

import dev.tocsin.access.ServiceUserId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;

/** That a service user has a permission policy. */
public record PolicyAssignment(
    UUID id, UUID policy, ServiceUserId serviceUser, Instant created, String createdBy) {
  public PolicyAssignment {
    Objects.requireNonNull(id);
    Objects.requireNonNull(policy);
    Objects.requireNonNull(serviceUser);
    Objects.requireNonNull(created);
    Objects.requireNonNull(createdBy);
  }
}
