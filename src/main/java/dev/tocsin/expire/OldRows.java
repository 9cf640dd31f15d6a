package dev.tocsin.expire;

import dev.tocsin.event.OrganizationId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rows of organizations that keep their events for fewer days than the server. */
public interface OldRows {
  /** An organization, and for how many days it keeps its events. */
  record Keeping(OrganizationId organization, int days) {
    public Keeping {
      Objects.requireNonNull(organization);
    }
  }

  /** The organizations that do, after one in the order of their ids, at most so many. */
  List<Keeping> organizations(@Nullable OrganizationId after, int max);

  /**
   * Deletes what an organization has no more, in transactions of so many rows, one for each table.
   *
   * @param rowsMax most rows of one
   */
  Deleted deleteSome(Keeping keeping, int rowsMax);

  /**
   * What was deleted.
   *
   * @param more whether a table may have more
   */
  record Deleted(int rows, boolean more) {}
}
