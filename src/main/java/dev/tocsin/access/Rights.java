package dev.tocsin.access;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.tocsin.event.OrganizationId;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * What the holder of a valid token may do, as it is kept and not as it was when the token was
 * issued. It is remembered for a few seconds: so long a change that was made on another node may
 * not be in force here yet; one made on this node is at once.
 */
public final class Rights {
  private final LookUps<Person, Optional<Holder>> lookUps;

  private record Person(OrganizationId organization, ServiceUserId serviceUser) {}

  /** What asking came to. */
  public sealed interface Standing {
    /** He is known, and may do this. */
    record Known(Permissions permissions) implements Standing {
      public Known {
        Objects.requireNonNull(permissions);
      }
    }

    /** His access key was deleted since, or he himself. */
    record Revoked() implements Standing {}

    /** Too many look-ups are under way. */
    record Busy() implements Standing {}
  }

  /** Rights with a memory. */
  public Rights(Holders holders, LookUpLimits limits) {
    this(holders, limits, Ticker.systemTicker());
  }

  Rights(Holders holders, LookUpLimits limits, Ticker ticker) {
    this.lookUps =
        new LookUps<>(
            "rights",
            person -> holders.find(person.organization(), person.serviceUser()),
            limits,
            ticker);
  }

  /**
   * How a caller stands. The future is complete already when that is remembered; else it completes
   * on another thread, and with the failure of the store if that fails.
   */
  public CompletableFuture<Standing> of(Caller caller) {
    return lookUps
        .find(new Person(caller.organization(), caller.serviceUser()))
        .thenApply(found -> standing(found, caller))
        .exceptionally(failure -> LookUps.refusedOr(failure, new Standing.Busy()));
  }

  private static Standing standing(Optional<Holder> found, Caller caller) {
    return found
        .filter(holder -> holder.accessKeys().contains(caller.accessKey()))
        .<Standing>map(holder -> new Standing.Known(holder.permissions()))
        .orElseGet(Standing.Revoked::new);
  }

  /** Has everybody of an organization looked up again: something of it was changed. */
  public void forget(OrganizationId organization) {
    lookUps.forget(
        person -> person.organization().equals(organization),
        (person, found) -> person.organization().equals(organization));
  }
}
