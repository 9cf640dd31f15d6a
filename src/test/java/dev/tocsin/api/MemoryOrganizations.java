package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Organizations of one name in memory, each of which can be erased once. */
final class MemoryOrganizations implements Organizations {
  static final String NAME = "Acme & Søn";

  private final Set<OrganizationId> erased = new HashSet<>();
  private final Consumer<OrganizationId> shutOut;

  /** Organizations; {@code shutOut} takes away every key of one. */
  MemoryOrganizations(Consumer<OrganizationId> shutOut) {
    this.shutOut = shutOut;
  }

  @Override
  public synchronized Erasing erase(OrganizationId organization, String name, Instant now) {
    if (erased.contains(organization)) {
      return new Erasing.Missing();
    }
    if (!name.equals(NAME)) {
      return new Erasing.Misnamed();
    }
    erased.add(organization);
    shutOut.accept(organization);
    return new Erasing.Begun();
  }
}
