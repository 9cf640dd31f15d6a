package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Permissions;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call whose caller is known, without the HTTP around it.
 *
 * @param permissions what the caller may do, of which the endpoint's need is a part
 * @param path what stands in the path for the names with a colon in the endpoint's
 * @param body as received, empty when there was none
 * @param operation what the contract says of such calls
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, compared by nobody
record Call(
    Caller caller,
    Permissions permissions,
    Map<String, String> path,
    Query query,
    byte[] body,
    Contract.Operation operation) {
  Call {
    Objects.requireNonNull(caller);
    Objects.requireNonNull(permissions);
    path = Map.copyOf(path);
    Objects.requireNonNull(query);
    Objects.requireNonNull(body);
    Objects.requireNonNull(operation);
  }

  /** The properties of the body, held to the contract when they are read. */
  Reading<JsonProperties> properties() {
    return Body.parse(body, values -> ContractFlaws.ofBody(operation, values));
  }

  /** The id in the path; null when the path has none, or none that could be one. */
  @Nullable UUID id() {
    return Uuids.parse(path.get("id"));
  }

  /** What stands in the path for a name that the endpoint's path has. */
  String part(String name) {
    return Objects.requireNonNull(path.get(name), name);
  }
}
