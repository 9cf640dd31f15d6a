package dev.tocsin.store;

import dev.tocsin.api.Organizations;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;

/**
 * The end of organizations in PostgreSQL. One statement takes away what everything else asks for
 * before it does anything, the version of the rules and the keys, and puts a stone in their place;
 * what is left is then nobody's, and {@link PgErasures} deletes it.
 */
public final class PgOrganizationEnd implements Organizations {
  private final Database database;
  private final PgHorizon horizon;

  /**
   * Organizations over a pool.
   *
   * @param horizon told of each end, so that this node knows of it at once
   */
  public PgOrganizationEnd(Database database, PgHorizon horizon) {
    this.database = database;
    this.horizon = horizon;
  }

  @Override
  public Erasing erase(OrganizationId organization, String name, Instant now) {
    Tuple parameters =
        RuleSetChange.parameters(organization).addValue(name).addValue(Rows.timestamp(now));
    String outcome =
        database.run("organizationErase", parameters).iterator().next().getString("outcome");
    horizon.refresh();
    return switch (outcome) {
      case "BEGUN" -> new Erasing.Begun();
      case "MISNAMED" -> new Erasing.Misnamed();
      case "MISSING" -> new Erasing.Missing();
      default -> throw new IllegalStateException("an organization was erased as " + outcome);
    };
  }
}
