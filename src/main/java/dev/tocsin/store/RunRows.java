package dev.tocsin.store;

import dev.tocsin.deliver.Attempted;
import dev.tocsin.deliver.Attempted.Next;
import dev.tocsin.deliver.Failure;
import dev.tocsin.event.EventId;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.LeasedRun;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.RunId;
import dev.tocsin.rule.RuleId;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.WebhookId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Integration runs as the rows and the arrays of {@code sql/integration_run.sql}. */
final class RunRows {
  private final CredentialsSeal seal;

  RunRows(CredentialsSeal seal) {
    this.seal = seal;
  }

  /** Where the runs of one claim go; the credentials of each webhook are opened once. */
  Destinations destinations() {
    return new Destinations();
  }

  /** See {@link #destinations()}. */
  final class Destinations {
    private record Key(OrganizationId organization, WebhookId webhook) {}

    private final Map<Key, Destination> opened = new HashMap<>();

    private Destination of(OrganizationId organization, Row row) {
      Key key = new Key(organization, new WebhookId(row.getUUID("webhook_id")));
      return opened.computeIfAbsent(
          key,
          missing ->
              new Destination(
                  key.webhook(),
                  URI.create(row.getString("url")),
                  seal.open(
                      organization,
                      key.webhook(),
                      row.getBuffer("credentials_sealed").getBytes())));
    }
  }

  /** A row of {@code integrationRunClaimDue}. */
  LeasedRun read(Row row, Instant leaseEnd, Destinations destinations) {
    OrganizationId organization = new OrganizationId(row.getUUID("organization_id"));
    NotificationMessage message =
        new NotificationMessage(
            new EventId(row.getUUID("notification_event_id")),
            new RuleId(row.getUUID("notification_configuration_id")),
            row.getString("code"),
            row.getString("name"),
            row.getLong("version"),
            Rows.event(organization, "cause_event_id", row));
    return new LeasedRun(
        organization,
        new RunId(row.getUUID("id")),
        row.getLong("fence"),
        row.getInteger("attempts") + 1,
        leaseEnd,
        destinations.of(organization, row),
        message,
        row.getBoolean("lacks_mapping"));
  }

  /** The parameters of {@code integrationRunRelease}. */
  Tuple keys(Collection<LeasedRun> runs) {
    return Tuple.of(
        runs.stream().map(run -> run.organization().value()).toArray(UUID[]::new),
        runs.stream().map(run -> run.id().value()).toArray(UUID[]::new),
        runs.stream().map(LeasedRun::fence).toArray(Long[]::new));
  }

  /** The parameters of {@code integrationRunRecord}. */
  Tuple outcomes(Collection<Attempted> attempts) {
    List<Attempted> list = List.copyOf(attempts);
    Tuple tuple = keys(list.stream().map(Attempted::run).toList());
    int size = list.size();
    Integer[] numbers = new Integer[size];
    String[] statuses = new String[size];
    @Nullable Long[] retries = new @Nullable Long[size];
    @Nullable String[] errors = new @Nullable String[size];
    OffsetDateTime[] starts = new OffsetDateTime[size];
    Integer[] durations = new Integer[size];
    @Nullable Integer[] responseStatuses = new @Nullable Integer[size];
    @Nullable String[] responses = new @Nullable String[size];
    @Nullable String[] answered = new @Nullable String[size];
    @Nullable String[] ended = new @Nullable String[size];
    for (int i = 0; i < size; i++) {
      Attempted attempted = list.get(i);
      numbers[i] = attempted.run().attempt();
      switch (attempted.next()) {
        case Next.End end -> statuses[i] = end.status().name();
        case Next.Retry retry -> {
          statuses[i] = retry.status().name();
          retries[i] = retry.after().toMillis();
        }
      }
      errors[i] = text(attempted.error());
      starts[i] = attempted.started().atOffset(ZoneOffset.UTC);
      durations[i] = Math.toIntExact(attempted.duration().toMillis());
      responseStatuses[i] = attempted.responseStatus();
      responses[i] = text(attempted.response());
      answered[i] = outcome(attempted.answered());
      ended[i] = outcome(attempted.ended());
    }
    tuple.addValue(numbers).addValue(statuses).addValue(retries).addValue(errors).addValue(starts);
    tuple.addValue(durations).addValue(responseStatuses).addValue(responses);
    return tuple.addValue(answered).addValue(ended);
  }

  private static @Nullable String outcome(@Nullable Failure failure) {
    return failure == null ? null : failure.outcome();
  }

  private static @Nullable String text(@Nullable String text) {
    return text == null ? null : Rows.storable(text);
  }
}
