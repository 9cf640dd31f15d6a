package dev.tocsin.store;

import dev.tocsin.expire.ExpiredPartitions;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions past retention in PostgreSQL: detached concurrently, then dropped. What a round of
 * another time left behind, at whatever step, the next one finds by how it stands in the catalog.
 */
public final class PgExpiredPartitions implements ExpiredPartitions {
  /** What the sessions of its pool need: to give up rather than to have others wait behind them. */
  public static final Map<String, String> SESSION = Map.of("lock_timeout", "2s");

  private static final Logger log = LoggerFactory.getLogger(PgExpiredPartitions.class);

  private final Database database;
  private final Retention retention;
  private final Generations generations;

  /**
   * Partitions of the schema that the pool is connected to.
   *
   * @param database a pool with the settings above
   * @param keyWindow how long a repeated idempotency key is recognised, at least
   */
  public PgExpiredPartitions(Database database, Retention retention, Duration keyWindow) {
    this.database = database;
    this.retention = retention;
    this.generations = new Generations(keyWindow);
  }

  @Override
  public Dropped dropSome(int max, Runnable keep) {
    Instant now = retention.clock().instant();
    Instant oldest = retention.horizon(retention.days()).created();
    LocalDate firstKept = LocalDate.ofInstant(oldest, ZoneOffset.UTC);
    Tuple parameters =
        Tuple.of(firstKept, firstKept.minusDays(1), generations.searched(now)[0], max);
    int dropped = 0;
    int kept = 0;
    for (Row row : database.run("partitionsExpired", parameters)) {
      keep.run();
      if (drop(row)) {
        dropped++;
      } else {
        kept++;
      }
    }
    return new Dropped(dropped, kept);
  }

  private boolean drop(Row row) {
    String partition = row.getString("partition");
    try {
      String detach = row.getString("detach");
      if (detach != null) {
        database.command(detach);
      }
      database.command(row.getString("remove"));
      log.info("partition dropped partition={}", partition);
      return true;
    } catch (PgException e) {
      log.warn("partition not dropped yet partition={} cause=\"{}\"", partition, e.getMessage());
      return false;
    }
  }
}
