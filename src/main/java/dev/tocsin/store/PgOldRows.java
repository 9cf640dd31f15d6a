package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.OldRows;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The rows of organizations with a retention of their own, in PostgreSQL. */
public final class PgOldRows implements OldRows {
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Database events;
  private final Database deliveries;
  private final Retention retention;

  /**
   * Rows over two pools.
   *
   * @param events a pool with the settings of {@link PgEvents#SESSION}
   * @param deliveries a pool with the settings of {@link PgDeliveryStore#SESSION}
   */
  public PgOldRows(Database events, Database deliveries, Retention retention) {
    this.events = events;
    this.deliveries = deliveries;
    this.retention = retention;
  }

  @Override
  public List<Keeping> organizations(@Nullable OrganizationId after, int max) {
    Tuple parameters = Tuple.of(retention.days(), after == null ? BEFORE_ALL : after.value(), max);
    List<Keeping> some = new ArrayList<>();
    for (Row row : events.run("organizationRetentionsAfter", parameters)) {
      some.add(
          new Keeping(new OrganizationId(row.getUUID("id")), row.getInteger("retention_days")));
    }
    return some;
  }

  @Override
  public Deleted deleteSome(Keeping keeping, int rowsMax) {
    UUID oldest = retention.horizon(keeping.days()).value();
    Tuple parameters = Tuple.of(keeping.organization().value(), oldest, rowsMax);
    int runs = deliveries.run("integrationRunDeleteOld", parameters).rowCount();
    int notifications = events.run("notificationDeleteOld", parameters).rowCount();
    int deleted = events.run("eventDeleteOld", parameters).rowCount();
    boolean more = runs >= rowsMax || notifications >= rowsMax || deleted >= rowsMax;
    return new Deleted(runs + notifications + deleted, more);
  }
}
