package dev.tocsin.store;

import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.WebhookId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The webhooks that files have declared by now, by organization and code. */
final class DeclaredWebhooks {
  private final Map<Key, There> there = new HashMap<>();

  /** Those of a result of {@code webhooksDeclared}. */
  DeclaredWebhooks(RowSet<Row> rows) {
    for (Row row : rows) {
      there.put(
          new Key(new OrganizationId(row.getUUID("organization_id")), row.getString("code")),
          new There(
              new WebhookId(row.getUUID("id")),
              row.getLong("version"),
              row.getBuffer("credentials_sealed")));
    }
  }

  private record Key(OrganizationId organization, String code) {}

  /** One of them, with its sealed credentials. */
  record There(WebhookId id, long version, Buffer sealed) {}

  @Nullable There find(OrganizationId organization, String code) {
    return there.get(new Key(organization, code));
  }
}
