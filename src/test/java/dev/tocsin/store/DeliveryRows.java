package dev.tocsin.store;

import dev.tocsin.deliver.DeliveryStoreContract.Kept;
import dev.tocsin.deliver.DeliveryStoreContract.Tried;
import dev.tocsin.deliver.RunStatus;
import dev.tocsin.deliver.Samples;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.flow.NotificationMessage;
import dev.tocsin.flow.RunId;
import dev.tocsin.webhook.Destination;
import dev.tocsin.webhook.WebhookId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Puts webhooks and runs into a real database, and reads back what became of them. */
public final class DeliveryRows implements AutoCloseable {
  private final Connection connection;
  private final CredentialsSeal seal =
      new CredentialsSeal(new SecretKeySpec(new byte[32], "AES"), new Random(42));

  /** Rows over a connection of their own. */
  public DeliveryRows(PostgresFixture postgres) {
    try {
      connection = postgres.connect();
    } catch (SQLException e) {
      throw new IllegalStateException("no connection for what a test sets up", e);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** A store for a node; the caller need not close anything. */
  public PgDeliveryStore store(Database pool, UUID node, Duration lease) {
    return store(pool, new Retention(() -> Samples.NOW, 28), node, lease);
  }

  /** The same at another time. */
  PgDeliveryStore store(Database pool, Retention retention, UUID node, Duration lease) {
    return new PgDeliveryStore(pool, seal, retention, node, lease);
  }

  /** A webhook, its organization, and a link to it from the rule that all samples have. */
  public void addWebhook(OrganizationId organization, Destination destination) {
    run(
        "insert into organization values (?, 'Test', 'UTC', now()) on conflict do nothing",
        organization.value());
    run(
        "insert into webhook values (?, ?, null, 'Hook', '', ?, true, ?, null, false, ?, 1, now(),"
            + " now(), 'me', 'me') on conflict do nothing",
        organization.value(),
        destination.id().value(),
        destination.url().toString(),
        destination.id().value(),
        seal.seal(organization, destination.id(), destination.credentials()));
    run(
        "insert into integration_configuration values (?, ?, 'Notification', ?, 'Webhook', ?, '{}',"
            + " null, null, true, 1, now(), now(), 'me', 'me') on conflict do nothing",
        organization.value(),
        destination.id().value(),
        Samples.RULE.toString(),
        destination.id().toString());
  }

  /** A run that is due so long ago, with its event. */
  public void addRun(OrganizationId organization, int number, WebhookId webhook, Duration ago) {
    NotificationMessage message = Samples.message(organization, number);
    StoredEvent cause = message.cause();
    run(
        "insert into event values (?, ?, ?, ?, ?::timestamptz, ?, ?, ?::json, ?::json, null,"
            + " default, array[?]::uuid[])",
        organization.value(),
        cause.id().value(),
        cause.name().value(),
        cause.category().text(),
        cause.time().toString(),
        cause.resourceId(),
        cause.accountId(),
        cause.after(),
        cause.before(),
        message.rule().value());
    run(
        "insert into notification values (?, ?, ?, ?, ?, ?, ?)",
        organization.value(),
        cause.id().value(),
        message.rule().value(),
        message.id().value(),
        message.ruleCode(),
        message.ruleName(),
        message.ruleVersion());
    run(
        "insert into integration_run values (?, ?, ?, ?, ?, ?, ?, 'STARTED', 0,"
            + " clock_timestamp() - ? * interval '1 millisecond', 1, ?, null, now(), null, null)",
        organization.value(),
        Samples.run(number).value(),
        cause.id().value(),
        message.id().value(),
        message.rule().value(),
        webhook.value(),
        webhook.value(),
        ago.toMillis(),
        new UUID(0, 99));
  }

  /** What is stored of a run. */
  public Kept kept(OrganizationId organization, RunId run) {
    List<Tried> tried =
        read(
            "select attempt, response_status, error, response from integration_run_attempt"
                + " where organization_id = ? and run_id = ? order by attempt",
            row ->
                new Tried(
                    row.getInt(1), (Integer) row.getObject(2), row.getString(3), row.getString(4)),
            organization.value(),
            run.value());
    return read(
            "select status, attempts, fence, error,"
                + " (extract(epoch from due_at - clock_timestamp()) * 1000)::bigint"
                + " from integration_run where organization_id = ? and id = ?",
            row ->
                new Kept(
                    RunStatus.valueOf(row.getString(1)),
                    row.getInt(2),
                    row.getLong(3),
                    row.getObject(5) == null ? null : Duration.ofMillis(row.getLong(5)),
                    row.getString(4),
                    tried),
            organization.value(),
            run.value())
        .getFirst();
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read(ResultSet row) throws SQLException;
  }

  private <T> List<T> read(String sql, Reading<T> reading, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet rows = statement.executeQuery()) {
      List<T> all = new ArrayList<>();
      while (rows.next()) {
        all.add(reading.read(rows));
      }
      return all;
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** Runs SQL with parameters; what a test sets up has no named statement. */
  public void run(String sql, @Nullable Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      statement.execute();
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  private PreparedStatement prepare(String sql, @Nullable Object... parameters)
      throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }
}
