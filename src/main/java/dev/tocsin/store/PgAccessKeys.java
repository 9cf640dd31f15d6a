package dev.tocsin.store;

import dev.tocsin.access.AccessKey;
import dev.tocsin.access.AccessKeys;
import dev.tocsin.access.Caller;
import dev.tocsin.access.SecretHash;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/** Access keys in PostgreSQL. */
public final class PgAccessKeys implements AccessKeys {
  private final Database database;

  /** Access keys over a pool. */
  public PgAccessKeys(Database database) {
    this.database = database;
  }

  @Override
  public Optional<AccessKey> find(String key) {
    return Rows.first(database.run("accessKeyFind", Tuple.of(key)))
        .map(row ->
            new AccessKey(
                key,
                new Caller(
                    new OrganizationId(row.getUUID("organization_id")),
                    new ServiceUserId(row.getUUID("service_user_id")),
                    key),
                SecretHash.of(row.getBuffer("secret_hash").getBytes())));
  }
}
