package dev.tocsin.access;

import dev.tocsin.event.OrganizationId;
import java.util.Objects;

/**
 * Who a valid token speaks for.
 *
 * @param accessKey the one that the token was issued for
 */
public record Caller(OrganizationId organization, ServiceUserId serviceUser, String accessKey) {
  public Caller {
    Objects.requireNonNull(organization);
    Objects.requireNonNull(serviceUser);
    Objects.requireNonNull(accessKey);
  }
}
