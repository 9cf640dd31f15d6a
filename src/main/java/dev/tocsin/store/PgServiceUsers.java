package dev.tocsin.store;

import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.Author;
import dev.tocsin.api.Page;
import dev.tocsin.api.PageRequest;
import dev.tocsin.api.ServiceUser;
import dev.tocsin.api.ServiceUsers;
import dev.tocsin.api.ShownAccessKey;
import dev.tocsin.api.Written;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Service users and their access keys in PostgreSQL. */
public final class PgServiceUsers implements ServiceUsers {
  private final Database database;

  /** Service users over a pool. */
  public PgServiceUsers(Database database) {
    this.database = database;
  }

  @Override
  public Page<ServiceUser> list(
      OrganizationId organization, List<ServiceUserId> ids, PageRequest page) {
    Tuple parameters =
        Tuple.of(organization.value(), Rows.below(page), Rows.limit(page))
            .addValue(Rows.anyOf(ids, ServiceUserId::value));
    return Rows.page(database.run("serviceUserList", parameters), page, PgServiceUsers::read);
  }

  @Override
  public Optional<ServiceUser> find(OrganizationId organization, ServiceUserId id) {
    return Rows.first(database.run("serviceUserFind", Tuple.of(organization.value(), id.value())))
        .map(PgServiceUsers::read);
  }

  @Override
  public Written<ServiceUser> create(Author author, ServiceUserId id, String name) {
    return written("serviceUserCreate", named(author, id, name)).orElseThrow();
  }

  @Override
  public Written<ServiceUser> update(Author author, ServiceUserId id, long version, String name) {
    return written("serviceUserUpdate", named(author, id, name).addValue(version))
        .orElseGet(() -> notChanged(author, id));
  }

  @Override
  public Written<ServiceUser> delete(Author author, ServiceUserId id) {
    return written("serviceUserDelete", Tuple.of(author.organization().value(), id.value()))
        .orElseGet(() -> notChanged(author, id));
  }

  private static Tuple named(Author author, ServiceUserId id, String name) {
    Tuple parameters = Tuple.of(author.organization().value(), id.value()).addValue(name);
    return RuleSetChange.signed(parameters, author);
  }

  private Optional<Written<ServiceUser>> written(String statement, Tuple parameters) {
    return Rows.first(database.run(statement, parameters))
        .map(row -> new Written.Saved<>(read(row)));
  }

  private Written<ServiceUser> notChanged(Author author, ServiceUserId id) {
    return find(author.organization(), id)
        .<Written<ServiceUser>>map(now ->
            now.managed()
                ? new Written.DeclaredInFile<>()
                : new Written.Stale<>(now.audit().version()))
        .orElseGet(Written.Missing::new);
  }

  @Override
  public Optional<List<ShownAccessKey>> keys(OrganizationId organization, ServiceUserId id) {
    RowSet<Row> rows = database.run("accessKeyList", Tuple.of(organization.value(), id.value()));
    if (rows.size() == 0) {
      return Optional.empty();
    }
    List<ShownAccessKey> keys = new ArrayList<>();
    for (Row row : rows) {
      if (row.getString("access_key") != null) {
        keys.add(readKey(row));
      }
    }
    return Optional.of(keys);
  }

  @Override
  public Written<ShownAccessKey> createKey(Author author, ServiceUserId id, NewAccessKey key) {
    Tuple parameters =
        RuleSetChange.signed(
                Tuple.of(author.organization().value(), id.value(), key.key())
                    .addValue(Buffer.buffer(key.secretHash().bytes())),
                author)
            .addValue(KEYS_MAX);
    return database.inTransaction(session ->
        ServiceUserLock.<ShownAccessKey>refusal(session, author.organization(), id)
            .orElseGet(() ->
                Rows.first(session.run("accessKeyCreate", parameters))
                    .<Written<ShownAccessKey>>map(row -> new Written.Saved<>(readKey(row)))
                    .orElseGet(() -> new Written.Full<>(KEYS_MAX))));
  }

  @Override
  public Written<ShownAccessKey> deleteKey(Author author, ServiceUserId id, String key) {
    Tuple parameters = Tuple.of(author.organization().value(), id.value(), key);
    return database.inTransaction(session ->
        ServiceUserLock.<ShownAccessKey>refusal(session, author.organization(), id)
            .orElseGet(() ->
                Rows.first(session.run("accessKeyDelete", parameters))
                    .<Written<ShownAccessKey>>map(row -> new Written.Saved<>(readKey(row)))
                    .orElseGet(Written.Missing::new)));
  }

  private static ServiceUser read(Row row) {
    return new ServiceUser(
        new ServiceUserId(row.getUUID("id")),
        row.getString("name"),
        row.getBoolean("managed"),
        Rows.audit(row));
  }

  private static ShownAccessKey readKey(Row row) {
    return new ShownAccessKey(
        row.getString("access_key"),
        row.getOffsetDateTime("dt_created").toInstant(),
        row.getString("created_by"));
  }
}
