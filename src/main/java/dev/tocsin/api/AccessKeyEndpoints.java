package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.access.NewAccessKey;
import dev.tocsin.access.ServiceUserId;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** The access keys of service users, at {@code serviceusers/{id}/accesskeys}. */
final class AccessKeyEndpoints {
  private static final String PATH = ServiceUserResource.PATH + "/:id/accesskeys";

  private final ServiceUsers store;
  private final NewAccessKey.Maker maker;
  private final ResourceEndpoints resources;
  private final Consumer<OrganizationId> changed;

  /**
   * Calls over a store.
   *
   * @param changed told of each change, before its author is
   */
  AccessKeyEndpoints(
      ServiceUsers store,
      NewAccessKey.Maker maker,
      ResourceEndpoints resources,
      Consumer<OrganizationId> changed) {
    this.store = store;
    this.maker = maker;
    this.resources = resources;
    this.changed = changed;
  }

  List<Endpoint> all() {
    Need update = Need.update(Kind.SERVICE_USER);
    return List.of(
        new Endpoint(HttpMethod.GET, PATH, Need.retrieve(Kind.SERVICE_USER), this::list),
        new Endpoint(HttpMethod.POST, PATH, update, this::create),
        new Endpoint(HttpMethod.DELETE, PATH + "/:accessKey", update, this::delete));
  }

  /** As few as there may be need no pages. */
  private Answer list(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    return store
        .keys(call.caller().organization(), new ServiceUserId(id))
        .<Answer>map(AccessKeyEndpoints::listed)
        .orElse(ApiError.missing());
  }

  private static Answer listed(List<ShownAccessKey> keys) {
    JsonText out = new JsonText().open().openArray("data");
    keys.forEach(key -> append(out, key).close());
    return new Answer.Ok(out.closeArray().close().toString());
  }

  /** The one answer that ever has the secret. */
  private Answer create(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    NewAccessKey made = maker.make();
    Author author = resources.author(call);
    Written<ShownAccessKey> written = store.createKey(author, new ServiceUserId(id), made);
    if (written.isChange()) {
      changed.accept(author.organization());
    }
    return resources.written(
        call, written, (out, key) -> append(out, key).text("secret", made.secret()).close());
  }

  private Answer delete(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    Author author = resources.author(call);
    Written<ShownAccessKey> written =
        store.deleteKey(author, new ServiceUserId(id), call.part("accessKey"));
    if (written.isChange()) {
      changed.accept(author.organization());
    }
    return resources.written(call, written, (out, key) -> append(out, key).close());
  }

  private static JsonText append(JsonText out, ShownAccessKey key) {
    return out.open()
        .text("accessKey", key.key())
        .text("dtCreated", key.created().toString())
        .text("createdBy", key.createdBy());
  }
}
