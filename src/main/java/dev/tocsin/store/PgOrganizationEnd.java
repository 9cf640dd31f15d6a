package dev.tocsin.store;

import dev.tocsin.api.Organizations;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of organizations in PostgreSQL. One transaction takes away what everything else asks for
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
    Erasing erasing =
        database.inTransaction(session -> {
          session.run("organizationsTurn", Tuple.tuple());
          Optional<Row> found =
              Rows.first(session.run("organizationName", Tuple.of(organization.value())));
          if (found.isEmpty()) {
            return new Erasing.Missing();
          }
          if (!found.get().getString("name").equals(name)) {
            return new Erasing.Misnamed();
          }
          session.run("organizationGate", Tuple.of(RuleSetLock.stripe(organization)));
          session.run("organizationErase", Tuple.of(organization.value(), Rows.timestamp(now)));
          return new Erasing.Begun();
        });
    horizon.refresh();
    return erasing;
  }
}
