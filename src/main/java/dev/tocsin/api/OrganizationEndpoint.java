package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.http.HttpMethod;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The call that erases an organization, at its own path. */
final class OrganizationEndpoint {
  private static final Logger log = LoggerFactory.getLogger(OrganizationEndpoint.class);

  private final Organizations store;
  private final InstantSource clock;
  private final Consumer<OrganizationId> changed;

  /**
   * A call over a store.
   *
   * @param changed told when it has begun, before its author is
   */
  OrganizationEndpoint(Organizations store, InstantSource clock, Consumer<OrganizationId> changed) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
  }

  Endpoint endpoint() {
    return new Endpoint(HttpMethod.DELETE, "", Need.delete(Kind.ORGANIZATION), this::erase);
  }

  /** The name is in the query: HTTP gives the body of a DELETE no meaning, and clients drop it. */
  private Answer erase(Call call) {
    String name = call.query().text("name");
    if (name == null) {
      call.query()
          .flaw("name", "is required: the organization's name, so that none is erased by mistake");
    }
    ApiError error = call.query().error();
    return error == null ? erase(call, Objects.requireNonNull(name)) : error;
  }

  private Answer erase(Call call, String name) {
    OrganizationId organization = call.caller().organization();
    Instant now = clock.instant();
    return switch (store.erase(organization, name, now)) {
      case Organizations.Erasing.Begun() -> {
        changed.accept(organization);
        log.warn(
            "organization erasing organization={} by={}",
            organization,
            call.caller().serviceUser());
        yield new Answer.Accepted(begun(organization, now));
      }
      case Organizations.Erasing.Misnamed() ->
          ApiError.badRequest(
              "wrong_name",
              "the organization is not named so, and nothing was erased: name must be its name,"
                  + " letter by letter");
      case Organizations.Erasing.Missing() -> ApiError.missing();
    };
  }

  private static String begun(OrganizationId organization, Instant now) {
    return new JsonText()
        .open()
        .text("id", organization.toString())
        .text("status", "ERASING")
        .text("dtRequested", now.toString())
        .close()
        .toString();
  }
}
