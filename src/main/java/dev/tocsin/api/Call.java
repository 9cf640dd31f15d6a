package dev.tocsin.api;

import dev.tocsin.access.Caller;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A call whose caller is known, without the HTTP around it.
 *
 * @param id the id in the path; null when the path has none, or none that could be one
 * @param body as received, empty when there was none
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call, compared by nobody
record Call(Caller caller, @Nullable UUID id, Query query, byte[] body) {
  Call {
    Objects.requireNonNull(caller);
    Objects.requireNonNull(query);
    Objects.requireNonNull(body);
  }
}
