package dev.tocsin.store;

import dev.tocsin.event.EventId;
import dev.tocsin.event.Horizon;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.Map;

/**
 * How far back events are kept, as this node last read it: the one place where the bound of every
 * read comes from. The moment is exact; that another node gave an organization a shorter retention
 * is known after the next {@link #refresh}.
 */
public final class PgHorizon implements Horizon {
  private final Database database;
  private final Retention retention;

  /** The days of organizations whose events are kept for less than the server's. */
  private volatile Map<OrganizationId, Integer> shorter = Map.of();

  /** A horizon that has read nothing yet. */
  public PgHorizon(Database database, Retention retention) {
    this.database = database;
    this.retention = retention;
  }

  /** Reads again what organizations have of their own. */
  public void refresh() {
    Map<OrganizationId, Integer> read = new HashMap<>();
    for (Row row : database.run("organizationRetentions", Tuple.of(retention.days()))) {
      read.put(new OrganizationId(row.getUUID("id")), row.getInteger("retention_days"));
    }
    shorter = Map.copyOf(read);
  }

  /** How many organizations are being erased, of which something is left. */
  public int erasing() {
    return Math.toIntExact(shorter.values().stream().filter(days -> days == 0).count());
  }

  @Override
  public EventId of(OrganizationId organization) {
    return retention.horizon(shorter.getOrDefault(organization, retention.days()));
  }
}
