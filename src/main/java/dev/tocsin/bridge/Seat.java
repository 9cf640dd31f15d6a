package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.event.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * The place of one connection among all: first of the node's, and then, from the first good token
 * on, of that token's organization, which the connection is for.
 *
 * <p>Not thread-safe, as its connection is not.
 */
final class Seat {
  private final Bridges bridges;
  private final boolean taken;
  private @Nullable OrganizationId owner;

  /** The token that was last found to be the owner's. */
  private @Nullable String known;

  /** Takes a place on the node, if there is one. */
  Seat(Bridges bridges) {
    this.bridges = bridges;
    this.taken = bridges.seats().enter();
  }

  /** Whether there was one. */
  boolean isTaken() {
    return taken;
  }

  /** Whether a good token was shown. */
  boolean isOwned() {
    return owner != null;
  }

  /** Why nothing is done here for who shows this; null when it is looked at. */
  @Nullable Reply refusal(@Nullable String authorization) {
    if (authorization == null || authorization.equals(known)) {
      return null;
    }
    OrganizationId organization = bridges.reception().organization(authorization);
    if (organization == null) {
      return null; // The gate says what is wrong with it.
    }
    if (owner == null) {
      if (!bridges.seats().sit(organization)) {
        return bridges.reception().tooMany("the organization has too many connections");
      }
      owner = organization;
    }
    if (!organization.equals(owner)) {
      return bridges.reception().otherOrganization();
    }
    known = authorization;
    return null;
  }

  /** Gives back what it took. */
  void leave() {
    if (taken) {
      bridges.seats().leave(owner);
    }
  }
}
