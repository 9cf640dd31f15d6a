package dev.tocsin.bus;

import java.util.Objects;
import java.util.UUID;

/**
 * What a doorbell tells other nodes: that there is something to look at of an organization.
 *
 * @param number what the doorbell counts by, such as a version; 0 where it counts nothing
 */
public record Ring(UUID organization, long number) {
  public Ring {
    Objects.requireNonNull(organization);
  }
}
