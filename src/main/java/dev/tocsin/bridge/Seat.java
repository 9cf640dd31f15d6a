package dev.tocsin.bridge;

import dev.tocsin.api.Reception.Reply;
import dev.tocsin.event.OrganizationId;
import org.jspecify.annotations.Nullable;

/**
 * The place of one connection among all: first among those of whom nobody knows whose they are, and
 * then, from the first good token on, of that token's organization, which the connection is for.
 *
 * <p>Not thread-safe, as its connection is not.
 */
final class Seat {
  private final Bridges bridges;
  private final Runnable showOut;
  private @Nullable OrganizationId owner;

  /** The token that was last found to be the owner's. */
  private @Nullable String known;

  /**
   * A place that is yet to be taken.
   *
   * @param showOut called on any thread when the place, of one who showed no token, is another's
   */
  Seat(Bridges bridges, Runnable showOut) {
    this.bridges = bridges;
    this.showOut = showOut;
  }

  /** Takes a place on the node; answers whether there is one. */
  boolean take() {
    return bridges.seats().enter(showOut);
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
      switch (bridges.seats().sit(organization, showOut)) {
        case SEATED -> owner = organization;
        case ORGANIZATION_FULL -> {
          return bridges.reception().tooMany("the organization has too many connections");
        }
        case SERVER_FULL -> {
          return bridges.reception().tooMany("the server has too many connections");
        }
      }
    }
    if (!organization.equals(owner)) {
      return bridges.reception().otherOrganization();
    }
    known = authorization;
    return null;
  }

  /** Gives back what it took. */
  void leave() {
    bridges.seats().leave(owner, showOut);
  }
}
