package dev.tocsin.store;

import dev.tocsin.evaluate.EntityKey;
import dev.tocsin.evaluate.EntityState;
import dev.tocsin.evaluate.EntityStates;
import dev.tocsin.event.EntityRef;
import dev.tocsin.event.EventId;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Payload;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The last known states of entities, in PostgreSQL. */
public final class PgEntityStates implements EntityStates {
  private final Database database;

  /** States over a pool. */
  public PgEntityStates(Database database) {
    this.database = database;
  }

  @Override
  public Map<EntityKey, EntityState> read(Collection<EntityKey> entities) {
    List<EntityKey> keys = List.copyOf(entities);
    Tuple parameters =
        Tuple.of(
            keys.stream().map(key -> key.organization().value()).toArray(UUID[]::new),
            keys.stream().map(key -> key.entity().entity()).toArray(String[]::new),
            keys.stream().map(key -> key.entity().id()).toArray(String[]::new));
    Map<EntityKey, EntityState> states = new HashMap<>();
    for (Row row : LedgerFailures.translate(() -> database.run("entityStateRead", parameters))) {
      EntityKey key =
          new EntityKey(
              new OrganizationId(row.getUUID("organization_id")),
              new EntityRef(row.getString("entity"), row.getString("entity_id")));
      states.put(
          key,
          new EntityState(
              new EventId(row.getUUID("event_id")),
              row.getOffsetDateTime("event_time").toInstant(),
              payload(key, row.getString("state"))));
    }
    return states;
  }

  private static @Nullable Payload payload(EntityKey key, @Nullable String json) {
    try {
      return json == null ? null : JsonValues.payload(json);
    } catch (IOException e) {
      throw new IllegalStateException("the stored state of " + key + " cannot be read", e);
    }
  }
}
