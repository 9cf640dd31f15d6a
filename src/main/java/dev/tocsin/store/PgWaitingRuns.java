package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.WaitingRuns;
import dev.tocsin.flow.RunId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** Integration runs that wait, in PostgreSQL: {@code integrationRunExpire}. */
public final class PgWaitingRuns implements WaitingRuns {
  private final Database database;
  private final Retention retention;

  /** Runs over a pool with the settings of {@link PgDeliveryStore#SESSION}. */
  public PgWaitingRuns(Database database, Retention retention) {
    this.database = database;
    this.retention = retention;
  }

  @Override
  public List<Ended> endExpired(int max) {
    List<Ended> ended = new ArrayList<>();
    Tuple parameters = retention.addTo(Tuple.tuple()).addValue(max);
    for (Row row : database.run("integrationRunExpire", parameters)) {
      ended.add(
          new Ended(
              new OrganizationId(row.getUUID("organization_id")), new RunId(row.getUUID("id"))));
    }
    return ended;
  }
}
