package dev.tocsin.store;

import dev.tocsin.api.Audit;
import dev.tocsin.api.Author;
import dev.tocsin.api.Written;
import dev.tocsin.event.OrganizationId;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The one way to change what decides over an organization's events, but for files ({@link
 * PgOrganizations}). Each change is a single statement whose {@code returning} calls {@code
 * rule_set_change}, which waits in line for the commits under way and increases the version. So a
 * change is in force for every event that is committed after it, and its locks are held for no
 * round trip: a node that stalls half way through a change stops nobody.
 *
 * <p>A change that finds no row to change takes none of these locks, and increases nothing.
 *
 * @param <T> the resource that is changed
 */
final class RuleSetChange<T> {
  private static final String UNIQUE_VIOLATION = "23505";
  private static final String CODE_CONSTRAINT_SUFFIX = "_code_is_unique";

  private final Database database;
  private final Function<Row, T> reader;

  RuleSetChange(Database database, Function<Row, T> reader) {
    this.database = database;
    this.reader = reader;
  }

  /** What every changing statement begins with: the organization and the stripe of its gate. */
  static Tuple parameters(OrganizationId organization) {
    return Tuple.of(organization.value(), RuleSetLock.stripe(organization));
  }

  /** Makes a change; empty when there was no row for it. */
  Optional<Written<T>> make(String statement, Tuple parameters) {
    return EntityHold.refusedOr(
        () -> Rows.first(database.run(statement, parameters)).map(this::done));
  }

  /** Makes a change that gives the resource a code, which another one may have already. */
  Optional<Written<T>> make(String statement, Tuple parameters, @Nullable String code) {
    try {
      return make(statement, parameters);
    } catch (PgException e) {
      if (code != null && isTaken(e)) {
        return Optional.of(new Written.CodeTaken<>(code));
      }
      throw e;
    }
  }

  /** What a row that tells the rule set's version too says of a change that is in force. */
  Written<T> done(Row row) {
    return new Written.Done<>(reader.apply(row), row.getLong("rule_set_version"));
  }

  /** What a change that found no row says when a look afterwards finds one. */
  static <T> Written<T> notChanged(boolean inFile, Audit audit) {
    return inFile ? new Written.DeclaredInFile<>() : new Written.Stale<>(audit.version());
  }

  private static boolean isTaken(PgException e) {
    return UNIQUE_VIOLATION.equals(e.getSqlState())
        && e.getConstraint() != null
        && e.getConstraint().endsWith(CODE_CONSTRAINT_SUFFIX);
  }

  /** Appends who changes something, and when. */
  static Tuple signed(Tuple parameters, Author author) {
    return parameters.addValue(author.by()).addValue(Rows.timestamp(author.now()));
  }
}
