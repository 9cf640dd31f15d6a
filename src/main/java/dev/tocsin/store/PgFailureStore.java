package dev.tocsin.store;

import dev.tocsin.deliver.Failure;
import dev.tocsin.deliver.FailureStore;
import dev.tocsin.deliver.Owed;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.event.Category;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.IntegrationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Failures of deliveries in PostgreSQL: {@code sql/integration_failure.sql}. */
public final class PgFailureStore implements FailureStore {
  private static final UUID BEFORE_ALL = new UUID(0, 0);

  private final Database deliveries;
  private final Database shared;
  private final Retention retention;
  private final Duration lease;

  /**
   * A store of failures.
   *
   * @param deliveries a pool with the settings of {@link PgDeliveryStore#SESSION}
   * @param shared a pool for changes of links, which wait for commits
   * @param retention for how long anything is told of events
   * @param lease how long nobody else takes what was taken
   */
  public PgFailureStore(Database deliveries, Database shared, Retention retention, Duration lease) {
    this.deliveries = deliveries;
    this.shared = shared;
    this.retention = retention;
    this.lease = lease;
  }

  @Override
  public List<Owed> claim(
      @Nullable OrganizationId after, int organizationsMax, int perOrganizationMax) {
    Tuple parameters =
        Tuple.of(
            after == null ? BEFORE_ALL : after.value(),
            organizationsMax,
            perOrganizationMax,
            lease.toMillis());
    List<Owed> owed = new ArrayList<>();
    for (Row row : deliveries.run("integrationFailureClaim", retention.addTo(parameters))) {
      owed.add(read(row));
    }
    // An update returns its rows in no order.
    owed.sort(
        Comparator.comparing((Owed failure) -> failure.organization().toString())
            .thenComparing(Owed::occurred));
    return owed;
  }

  @Override
  public void told(Collection<Owed> failures) {
    deliveries.run(
        "integrationFailureTold",
        Tuple.of(
            failures.stream().map(owed -> owed.organization().value()).toArray(UUID[]::new),
            failures.stream().map(owed -> owed.run().value()).toArray(UUID[]::new),
            failures.stream().map(owed -> owed.failure().outcome()).toArray(String[]::new)));
  }

  @Override
  public Disabling disable(Owed failure) {
    UUID integration = failure.about().integration().value();
    Tuple parameters =
        RuleSetChange.parameters(failure.organization())
            .addValue(integration)
            .addValue(failure.run().value())
            .addValue(Rows.timestamp(failure.occurred()));
    Optional<Row> changed = Rows.first(shared.run("integrationConfigurationDisable", parameters));
    if (changed.isPresent()) {
      return new Disabling.Done(OptionalLong.of(changed.get().getLong("rule_set_version")));
    }
    Tuple key = Tuple.of(failure.organization().value(), integration);
    return Rows.first(shared.run("integrationConfigurationDisabledBy", key))
        .filter(row -> failure.run().value().equals(row.getUUID("disabled_by_run_id")))
        .<Disabling>map(row -> new Disabling.Done(OptionalLong.empty()))
        .orElseGet(Disabling.NotOurs::new);
  }

  private static Owed read(Row row) {
    OffsetDateTime failingSince = row.getOffsetDateTime("failing_since");
    return new Owed(
        new OrganizationId(row.getUUID("organization_id")),
        new RunId(row.getUUID("run_id")),
        Failure.of(row.getString("outcome")),
        row.getInteger("attempt"),
        RunStatus.valueOf(row.getString("status")),
        row.getInteger("response_status"),
        row.getString("error"),
        row.getOffsetDateTime("dt_occurred").toInstant(),
        new Owed.About(
            new IntegrationId(row.getUUID("integration_configuration_id")),
            new WebhookId(row.getUUID("webhook_id")),
            new RuleId(row.getUUID("notification_configuration_id")),
            row.getString("code"),
            new EventId(row.getUUID("notification_event_id")),
            new EventId(row.getUUID("cause_event_id")),
            cause(row)),
        failingSince == null ? null : failingSince.toInstant());
  }

  private static Owed.@Nullable Cause cause(Row row) {
    String category = row.getString("event_type");
    return category == null
        ? null
        : new Owed.Cause(
            row.getString("event_name"), Category.of(category), row.getString("account_id"));
  }
}
