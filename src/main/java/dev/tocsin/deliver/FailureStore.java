package dev.tocsin.deliver;

import dev.tocsin.event.OrganizationId;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Where failures of deliveries wait until the customer has been told. They are written together
 * with the outcome that they are of ({@link DeliveryStore#record}), so none is lost.
 *
 * <p>Every method fails with {@link dev.tocsin.flow.StoreUnavailable} when nobody knows what came
 * of it.
 */
public interface FailureStore {
  /**
   * Takes failures that wait, the oldest of each organization; they are not taken again, by any
   * node, for a while. Organizations come in the order of their ids.
   *
   * @param after begins with the organization after this one; null begins with the first
   * @param organizationsMax of how many organizations, at most
   * @param perOrganizationMax how many of each, at most
   */
  List<Owed> claim(@Nullable OrganizationId after, int organizationsMax, int perOrganizationMax);

  /** Notes that the customer has been told of these. */
  void told(Collection<Owed> failures);

  /** What came of disabling a link. */
  sealed interface Disabling {
    /**
     * The link is disabled on account of this failure's run, now or since before.
     *
     * @param version the rule set's version after the change; empty when it was made before
     */
    record Done(OptionalLong version) implements Disabling {}

    /** Another run had it disabled, or somebody changed it since the failure, or it is gone. */
    record NotOurs() implements Disabling {}
  }

  /** Disables the link of a failure's run, unless somebody changed it since the failure. */
  Disabling disable(Owed failure);
}
