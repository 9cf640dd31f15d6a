package dev.tocsin.api;

import dev.tocsin.event.OrganizationId;
import java.time.Instant;

/** Organizations as wholes. */
@FunctionalInterface
public interface Organizations {
  /**
   * Begins to erase an organization: at once nothing of it is served, stored or sent any more; its
   * rows are deleted from then on, whatever happens to this server.
   *
   * @param name what it is named, to be sure that this one is meant
   */
  Erasing erase(OrganizationId organization, String name, Instant now);

  /** What came of asking for that. */
  sealed interface Erasing {
    /** It has begun. */
    record Begun() implements Erasing {}

    /** The organization is named otherwise; nothing was done. */
    record Misnamed() implements Erasing {}

    /** There is no such organization. */
    record Missing() implements Erasing {}
  }
}
