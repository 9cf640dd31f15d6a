package dev.tocsin.store;

import dev.tocsin.api.Author;
import dev.tocsin.api.CustomEntities;
import dev.tocsin.api.EntityDeclaration;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Custom entities in PostgreSQL. */
public final class PgCustomEntities implements CustomEntities {
  private final Database database;
  private final CatalogChange<EntityDeclaration> change;
  private final int most;

  /**
   * Custom entities over a pool.
   *
   * @param most how many an organization may have, with those that its file declares
   */
  public PgCustomEntities(Database database, int most) {
    this.database = database;
    this.change = new CatalogChange<>(database, PgCustomEntities::read, most);
    this.most = most;
  }

  @Override
  public List<EntityDeclaration> list(OrganizationId organization) {
    List<EntityDeclaration> entities = new ArrayList<>();
    for (Row row : database.run("customEntityList", Tuple.of(organization.value()))) {
      entities.add(read(row));
    }
    return entities;
  }

  @Override
  public Optional<EntityDeclaration> find(OrganizationId organization, String name) {
    return Rows.first(database.run("customEntityFind", Tuple.of(organization.value(), name)))
        .map(PgCustomEntities::read);
  }

  @Override
  public Written<EntityDeclaration> create(Author author, CustomEntity entity) {
    return change
        .make("customEntityCreate", parameters(author, entity).addValue(most), entity.name())
        .orElseGet(() -> notWritten(author, entity.name()));
  }

  @Override
  public Written<EntityDeclaration> update(Author author, CustomEntity entity, long version) {
    return change
        .make("customEntityUpdate", parameters(author, entity).addValue(version))
        .orElseGet(() -> notWritten(author, entity.name()));
  }

  @Override
  public Written<EntityDeclaration> delete(Author author, String name) {
    return change
        .make("customEntityDelete", Tuple.of(author.organization().value(), name))
        .orElseGet(() -> notWritten(author, name));
  }

  /** Why there was no row to write, after a look at what there is by now. */
  private Written<EntityDeclaration> notWritten(Author author, String name) {
    EntityDeclaration there = find(author.organization(), name).orElse(null);
    if (there == null) {
      return new Written.Missing<>();
    }
    return there.inFile()
        ? new Written.DeclaredInFile<>()
        : new Written.Stale<>(there.audit().version());
  }

  private static Tuple parameters(Author author, CustomEntity entity) {
    Tuple parameters =
        Tuple.of(author.organization().value(), entity.name(), entity.family())
            .addValue(entity.dateFields().toArray(String[]::new));
    return RuleSetChange.signed(parameters, author);
  }

  private static EntityDeclaration read(Row row) {
    return new EntityDeclaration(content(row), row.getBoolean("declared"), Rows.audit(row));
  }

  /** The entity of a row that has one. */
  static CustomEntity content(Row row) {
    return new CustomEntity(
        row.getString("name"),
        row.getString("family"),
        List.of(row.getArrayOfStrings("date_fields")));
  }
}
