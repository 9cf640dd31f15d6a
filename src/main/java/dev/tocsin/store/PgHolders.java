package dev.tocsin.store;

import dev.tocsin.access.Holder;
import dev.tocsin.access.Holders;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.access.Statement;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What service users may do, in PostgreSQL. */
public final class PgHolders implements Holders {
  private final Database database;

  /** Holders over a pool. */
  public PgHolders(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Holder> find(OrganizationId organization, ServiceUserId serviceUser) {
    RowSet<Row> rows =
        database.run("serviceUserHolder", Tuple.of(organization.value(), serviceUser.value()));
    if (rows.size() == 0) {
      return Optional.empty();
    }
    List<Statement> statements = new ArrayList<>();
    Set<String> keys = Set.of();
    for (Row row : rows) {
      keys = Set.of(row.getArrayOfStrings("access_keys"));
      if (row.getString("statements") != null) {
        statements.addAll(StatementsText.read(row.getString("statements")));
      }
    }
    return Optional.of(new Holder(Permissions.of(statements), keys));
  }
}
