package dev.tocsin.store;

import dev.tocsin.access.Kind;
import dev.tocsin.api.Author;
import dev.tocsin.api.CustomEntities;
import dev.tocsin.api.EntityDeclaration;
import dev.tocsin.api.Use;
import dev.tocsin.api.Written;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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
    Tuple parameters =
        RuleSetChange.signed(
                RuleSetChange.parameters(author.organization())
                    .addValue(entity.name())
                    .addValue(entity.family())
                    .addValue(entity.dateFields().toArray(String[]::new)),
                author)
            .addValue(most);
    return change
        .make("customEntityCreate", parameters, entity.name())
        .orElseGet(() -> notCreated(author, entity.name()));
  }

  @Override
  public Written<EntityDeclaration> update(Author author, CustomEntity entity, long version) {
    return unlessInUse(
        author,
        entity.name(),
        version,
        entity,
        session ->
            change.make(
                session, "customEntityUpdate", parameters(author, entity).addValue(version)));
  }

  @Override
  public Written<EntityDeclaration> delete(Author author, String name) {
    return unlessInUse(
        author,
        name,
        null,
        null,
        session -> change.make(session, "customEntityDelete", key(author, name)));
  }

  /**
   * Changes one unless something that names it stands against that. Its row is locked first, so
   * that nothing can begin to name it meanwhile.
   *
   * @param version the one it must have; null when any will do
   * @param after what it is to be; null when it is to go
   */
  private Written<EntityDeclaration> unlessInUse(
      Author author,
      String name,
      @Nullable Long version,
      @Nullable CustomEntity after,
      Function<Database.Session, Optional<Written<EntityDeclaration>>> change) {
    return database.inTransaction(session -> {
      Row there = Rows.first(session.run("customEntityLock", key(author, name))).orElse(null);
      if (there == null) {
        return new Written.Missing<>();
      }
      if (there.getBoolean("declared")) {
        return new Written.DeclaredInFile<>();
      }
      if (version != null && !version.equals(there.getLong("version"))) {
        return new Written.Stale<>(there.getLong("version"));
      }
      List<Use> uses = uses(session, author, name, after);
      return uses.isEmpty() ? change.apply(session).orElseThrow() : new Written.InUse<>(uses);
    });
  }

  private static List<Use> uses(
      Database.Session session, Author author, String name, @Nullable CustomEntity after) {
    Tuple parameters =
        key(author, name)
            .addValue(after == null ? null : after.family())
            .addValue(after == null ? null : after.dateFields().toArray(String[]::new));
    List<Use> uses = new ArrayList<>();
    for (Row use : session.run("customEntityUses", parameters)) {
      uses.add(
          new Use(Kind.valueOf(use.getString("kind")), use.getUUID("id"), use.getString("name")));
    }
    return uses;
  }

  private static Tuple key(Author author, String name) {
    return Tuple.of(author.organization().value(), name);
  }

  /** There is one of the name; or there was a moment ago, and its author may try again. */
  private Written<EntityDeclaration> notCreated(Author author, String name) {
    return find(author.organization(), name)
        .<Written<EntityDeclaration>>map(there ->
            there.inFile()
                ? new Written.DeclaredInFile<>()
                : new Written.Stale<>(there.audit().version()))
        .orElseGet(Written.Missing::new);
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
