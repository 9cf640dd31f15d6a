package dev.tocsin.access;

import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/** Who a valid token speaks for. */
public record Caller(OrganizationId organization, ServiceUserId serviceUser) {
  public Caller {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(serviceUser);
  }
}
