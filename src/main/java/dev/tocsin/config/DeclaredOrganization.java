package dev.tocsin.config;

import dev.tocsin.event.OrganizationId;
import java.time.ZoneId;
import java.util.List;

/** An organization as its file declares it. */
public record DeclaredOrganization(
    OrganizationId id, String name, ZoneId timeZone, List<ServiceUser> serviceUsers) {
  public DeclaredOrganization {
    serviceUsers = List.copyOf(serviceUsers);
  }

  /**
   * Somebody who may ask for tokens.
   *
   * @param policies the names of the permission policies the user has
   */
  public record ServiceUser(String name, String accessKey, String secret, List<String> policies) {
    public ServiceUser {
      policies = List.copyOf(policies);
    }

    @Override
    public String toString() {
      return "ServiceUser[" + name + ", " + accessKey + ", " + policies + "]";
    }
  }
}
