package dev.tocsin.store;

import dev.tocsin.access.ServiceUserId;
import dev.tocsin.api.Written;
import dev.tocsin.event.OrganizationId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * Has those who change what belongs to a service user take turns: what there is may be counted, and
 * stays as counted until the transaction ends.
 */
final class ServiceUserLock {
  private ServiceUserLock() {}

  /** Takes the lock; answers why nothing may be changed, if so. */
  static <T> Optional<Written<T>> refusal(
      Database.Session session, OrganizationId organization, ServiceUserId id) {
    Optional<Row> user =
        Rows.first(session.run("serviceUserLock", Tuple.of(organization.value(), id.value())));
    if (user.isEmpty()) {
      return Optional.of(new Written.Missing<>());
    }
    return user.get().getBoolean("managed")
        ? Optional.of(new Written.DeclaredInFile<>())
        : Optional.empty();
  }
}
