package dev.tocsin.store;

import dev.tocsin.deliver.Attempted;
import dev.tocsin.deliver.Crowded;
import dev.tocsin.deliver.DeliveryStore;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.StoreUnavailable;
import dev.tocsin.webhook.WebhookId;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Integration runs in PostgreSQL: {@code sql/integration_run.sql}. */
public final class PgDeliveryStore implements DeliveryStore {
  /** What the sessions of a delivery store's pool need; the statements' file says why. */
  public static final Map<String, String> SESSION =
      Map.of(
          "plan_cache_mode", "force_generic_plan",
          "enable_hashjoin", "off",
          "enable_mergejoin", "off",
          "enable_seqscan", "off",
          "jit", "off");

  private static final Logger log = LoggerFactory.getLogger(PgDeliveryStore.class);

  private final Database database;
  private final RunRows rows;
  private final Retention retention;
  private final UUID node;
  private final Duration lease;

  /**
   * A store over a pool with the {@link #SESSION} settings.
   *
   * @param retention for how long events are delivered, by the database's clock
   * @param node who leases what it claims
   * @param lease how long a claimed run belongs to the node
   */
  public PgDeliveryStore(
      Database database, CredentialsSeal seal, Retention retention, UUID node, Duration lease) {
    this.database = database;
    this.rows = new RunRows(seal);
    this.retention = retention;
    this.node = node;
    this.lease = lease;
  }

  @Override
  public Claim claimDue(int max, Crowded except) {
    // Taken before the claim, so that the store's lease ends later than we think, never earlier.
    Instant leaseEnd = retention.clock().instant().plus(lease);
    UUID[] organizations =
        except.organizations().stream().map(OrganizationId::value).toArray(UUID[]::new);
    UUID[] webhooks = except.webhooks().stream().map(WebhookId::value).toArray(UUID[]::new);
    Tuple parameters = Tuple.of(max, organizations, webhooks, node, lease.toMillis());
    RowSet<Row> claimed = run("integrationRunClaimDue", retention.addTo(parameters));
    List<LeasedRun> runs = new ArrayList<>();
    RunRows.Destinations destinations = rows.destinations();
    int ended = 0;
    int expired = 0;
    for (Row row : claimed) {
      if (!row.getString("status").equals("STARTED")) {
        ended++;
        expired += row.getString("status").equals("ERROR") ? 1 : 0;
        continue;
      }
      try {
        runs.add(rows.read(row, leaseEnd, destinations));
      } catch (RuntimeException e) {
        // One webhook whose credentials do not open must not keep the others' runs from going out.
        // Its runs stay leased, and are found again when that has been mended.
        log.error(
            "run unreadable organization={} run={} webhook={}",
            row.getUUID("organization_id"),
            row.getUUID("id"),
            row.getUUID("webhook_id"),
            e);
      }
    }
    return new Claim(runs, ended, expired, claimed.size());
  }

  @Override
  public List<LeasedRun> record(Collection<Attempted> attempts) {
    Long[] written =
        run("integrationRunRecord", rows.outcomes(attempts)).iterator().next().getArrayOfLongs(0);
    if (written.length == attempts.size()) {
      return List.of();
    }
    Set<Long> places = Set.of(written);
    List<LeasedRun> dropped = new ArrayList<>();
    long place = 0;
    for (Attempted attempted : attempts) {
      place++;
      if (!places.contains(place)) {
        dropped.add(attempted.run());
      }
    }
    return dropped;
  }

  @Override
  public void release(Collection<LeasedRun> runs) {
    run("integrationRunRelease", rows.keys(runs));
  }

  private RowSet<Row> run(String statement, Tuple parameters) {
    try {
      return database.run(statement, parameters);
    } catch (PgException e) {
      if (Conflicts.isOne(e)) {
        throw new StoreUnavailable(statement + " lost a conflict", e);
      }
      throw e;
    }
  }
}
