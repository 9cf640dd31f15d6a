package dev.tocsin.store;

import dev.tocsin.catalog.CatalogAdditions;
import dev.tocsin.catalog.CatalogSource;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.catalog.ScheduledName;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The catalogs of organizations in PostgreSQL. */
public final class PgCatalogs implements CatalogSource {
  private final Database database;

  /** Catalogs over a pool. */
  public PgCatalogs(Database database) {
    this.database = database;
  }

  @Override
  public Map<OrganizationId, CatalogAdditions> changed(Map<OrganizationId, Long> held) {
    Tuple parameters =
        Tuple.tuple()
            .addValue(held.keySet().stream().map(OrganizationId::value).toArray(UUID[]::new))
            .addValue(held.values().toArray(Long[]::new));
    Map<OrganizationId, List<Row>> rows = new HashMap<>();
    for (Row row : database.run("catalogChanged", parameters)) {
      rows.computeIfAbsent(new OrganizationId(row.getUUID("id")), none -> new ArrayList<>())
          .add(row);
    }
    Map<OrganizationId, CatalogAdditions> changed = new HashMap<>();
    rows.forEach((organization, its) -> changed.put(organization, read(its)));
    return changed;
  }

  /** Each row has an entity, a scheduled name or, when it is the only one, neither. */
  private static CatalogAdditions read(List<Row> rows) {
    List<CustomEntity> entities = new ArrayList<>();
    List<ScheduledName> scheduled = new ArrayList<>();
    for (Row row : rows) {
      String name = row.getString("name");
      if (row.getString("family") != null) {
        entities.add(PgCustomEntities.content(row));
      } else if (name != null) {
        scheduled.add(
            new ScheduledName(
                new EventName(name), row.getString("entity"), row.getString("field")));
      }
    }
    Row first = rows.getFirst();
    return new CatalogAdditions(
        first.getLong("catalog_version"), first.getBoolean("open_catalog"), entities, scheduled);
  }
}
