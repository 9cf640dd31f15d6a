package dev.tocsin.store;

import dev.tocsin.api.Written;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/**
 * The one way to change which event types an organization has. Each change is a single statement
 * whose {@code returning} calls {@code catalog_change}, which makes another version of the catalog
 * and sees to it that there are no more than there may be.
 *
 * @param <T> the resource that is changed
 */
final class CatalogChange<T> {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String NAME_CONSTRAINT_SUFFIX = "_name_is_unique";
  private static final String FULL = "TC001";

  private final Database database;
  private final Function<Row, T> reader;
  private final int most;

  /**
   * Changes of one kind of resource.
   *
   * @param most how many of the kind an organization may have
   */
  CatalogChange(Database database, Function<Row, T> reader, int most) {
    this.database = database;
    this.reader = reader;
    this.most = most;
  }

  /** Makes a change that gives the resource a name; empty when there was no row for it. */
  Optional<Written<T>> make(String statement, Tuple parameters, String name) {
    try {
      return make(statement, parameters);
    } catch (PgException e) {
      if (FULL.equals(e.getSqlState())) {
        return Optional.of(new Written.Full<>(most));
      }
      if (isTaken(e)) {
        return Optional.of(new Written.NameTaken<>(name));
      }
      throw e;
    }
  }

  /** Makes a change; empty when there was no row for it. */
  Optional<Written<T>> make(String statement, Tuple parameters) {
    return make(database::run, statement, parameters);
  }

  /** Makes a change as a part of a transaction. */
  Optional<Written<T>> make(Database.Session session, String statement, Tuple parameters) {
    return EntityHold.refusedOr(() ->
        Rows.first(session.run(statement, parameters))
            .map(row -> new Written.Done<>(reader.apply(row), row.getLong("rule_set_version"))));
  }

  private static boolean isTaken(PgException e) {
    return UNIQUE_VIOLATION.equals(e.getSqlState())
        && e.getConstraint() != null
        && e.getConstraint().endsWith(NAME_CONSTRAINT_SUFFIX);
  }
}
