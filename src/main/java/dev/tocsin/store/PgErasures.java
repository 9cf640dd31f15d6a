package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.expire.Erasures;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** What is left of organizations that {@link PgOrganizationEnd} has ended, deleted in batches. */
public final class PgErasures implements Erasures {
  /** Everything that an organization has rows in, each table before those that it refers to. */
  static final List<String> TABLES =
      List.of(
          "integration_failure",
          "integration_run_attempt",
          "integration_run",
          "notification",
          "event",
          "idempotency_key",
          "entity_state",
          "scheduled_due",
          "scheduled_arming",
          "learned_field",
          "rule_day",
          "notification_configuration",
          "integration_configuration",
          "webhook",
          "scheduled_event_configuration",
          "custom_entity",
          "access_key",
          "permission_policy_assignment",
          "permission_policy",
          "service_user",
          "rule_set_change_log",
          "rule_set");

  private final Database database;
  private final InstantSource clock;

  /** Organizations over a pool. */
  public PgErasures(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public List<OrganizationId> pending() {
    List<OrganizationId> pending = new ArrayList<>();
    for (Row row : database.run("organizationsErasing", Tuple.tuple())) {
      pending.add(new OrganizationId(row.getUUID("organization_id")));
    }
    return pending;
  }

  /** Those of some organizations that were erased, whether anything of them is left or not. */
  public Set<OrganizationId> erased(Collection<OrganizationId> organizations) {
    Tuple ids = Tuple.tuple();
    ids.addValue(organizations.stream().map(OrganizationId::value).toArray(UUID[]::new));
    Set<OrganizationId> erased = new HashSet<>();
    for (Row row : database.run("organizationsErased", ids)) {
      erased.add(new OrganizationId(row.getUUID("organization_id")));
    }
    return erased;
  }

  @Override
  public Deleted deleteSome(OrganizationId organization, int rowsMax) {
    int rows = 0;
    for (String table : TABLES) {
      Tuple parameters = Tuple.of(table, organization.value(), rowsMax - rows);
      rows +=
          database
              .run("organizationRowsDelete", parameters)
              .iterator()
              .next()
              .getInteger("deleted");
      if (rows >= rowsMax) {
        return new Deleted(rows, false);
      }
    }
    database.run(
        "organizationErased", Tuple.of(organization.value(), Rows.timestamp(clock.instant())));
    return new Deleted(rows, true);
  }
}
