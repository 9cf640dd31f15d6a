package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import java.util.List;

/** Organizations of which nothing is to be left. */
public interface Erasures {
  /** Those that have something left. */
  List<OrganizationId> pending();

  /** Deletes rows of one, each transaction at most so many, and about so many in all. */
  Deleted deleteSome(OrganizationId organization, int rowsMax);

  /**
   * What was deleted.
   *
   * @param done whether nothing is left
   */
  record Deleted(int rows, boolean done) {}
}
