package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.event.Ids;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.flow.RulesChanged;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The calls that every kind of resource has: list, create, find, replace, delete, and the actions
 * of its own.
 */
final class ResourceEndpoints {
  private final Ids ids;
  private final InstantSource clock;
  private final Consumer<RulesChanged> rulesChanged;

  /**
   * Endpoints of one server.
   *
   * @param rulesChanged told of each change, before its author is
   */
  ResourceEndpoints(Ids ids, InstantSource clock, Consumer<RulesChanged> rulesChanged) {
    this.ids = ids;
    this.clock = clock;
    this.rulesChanged = rulesChanged;
  }

  /** The endpoints of one kind. */
  <T, D> List<Endpoint> of(Resource<T, D> resource) {
    String all = resource.path();
    String one = all + "/:id";
    Kind kind = resource.kind();
    List<Endpoint> endpoints = new ArrayList<>();
    endpoints.add(
        new Endpoint(HttpMethod.GET, all, Need.retrieve(kind), call -> list(resource, call)));
    endpoints.add(
        new Endpoint(HttpMethod.POST, all, Need.create(kind), call -> create(resource, call)));
    endpoints.add(
        new Endpoint(HttpMethod.GET, one, Need.retrieve(kind), call -> find(resource, call)));
    endpoints.add(
        new Endpoint(HttpMethod.PUT, one, Need.update(kind), call -> replace(resource, call)));
    endpoints.add(
        new Endpoint(HttpMethod.DELETE, one, Need.delete(kind), call -> delete(resource, call)));
    for (Resource.Action<T> action : resource.actions()) {
      endpoints.add(
          new Endpoint(
              action.method(),
              one + "/" + action.name(),
              Need.update(kind),
              call -> act(resource, action, call)));
    }
    return endpoints;
  }

  private <T, D> Answer list(Resource<T, D> resource, Call call) {
    PageRequest wanted = call.query().page(resource.pageSizeMax());
    Resource.Listing<T> listing = resource.listing(call.query());
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    Set<String> denied = call.permissions().deniedItems(Action.CONFIG_RETRIEVE, resource.kind());
    Viewer viewer = Viewer.of(call);
    Page<T> page =
        VisiblePage.of(
            wanted,
            item ->
                !denied.contains(resource.idOf(item).toString())
                    && resource.isVisible(viewer, item),
            request -> listing.page(organization(call), request),
            resource::idOf);
    return Pages.answer(page, resource::append, resource::idOf);
  }

  private <T, D> Answer find(Resource<T, D> resource, Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    return resource
        .find(organization(call), id)
        .filter(found -> resource.isVisible(Viewer.of(call), found))
        .map(found -> shown(found, resource::append))
        .orElse(ApiError.missing());
  }

  private <T, D> Answer create(Resource<T, D> resource, Call call) {
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        // Clients send one with what they create, too: it says nothing, and still has its type.
        properties.wholeNumber("version");
        yield switch (resource.read(Viewer.of(call), properties, null)) {
          case Reading.Bad<D>(ApiError error) -> error;
          case Reading.Good<D>(D draft) ->
              saved(resource, call, resource.create(author(call), ids.next(), draft));
        };
      }
    };
  }

  private <T, D> Answer replace(Resource<T, D> resource, Call call) {
    UUID id = call.id();
    if (id == null || isHidden(resource, call, id)) {
      return ApiError.missing();
    }
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        Long version = properties.wholeNumber("version");
        yield switch (resource.read(Viewer.of(call), properties, id)) {
          case Reading.Bad<D>(ApiError error) -> error;
          case Reading.Good<D>(D draft) -> replace(resource, call, id, version, draft);
        };
      }
    };
  }

  private <T, D> Answer replace(
      Resource<T, D> resource, Call call, UUID id, @Nullable Long version, D draft) {
    // A version counts from 1, so this one is stale, which is what its author has to be told,
    // unless there is nothing to replace.
    long given = version == null ? 0 : version;
    return saved(resource, call, resource.update(author(call), id, given, draft));
  }

  private <T, D> Answer delete(Resource<T, D> resource, Call call) {
    UUID id = call.id();
    return id == null || isHidden(resource, call, id)
        ? ApiError.missing()
        : written(resource, call, resource.delete(author(call), id));
  }

  private <T, D> Answer act(Resource<T, D> resource, Resource.Action<T> action, Call call) {
    Resource.Change<T> change = action.reader().read(call.query());
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    UUID id = call.id();
    return id == null || isHidden(resource, call, id)
        ? ApiError.missing()
        : written(resource, call, change.to(id, author(call)));
  }

  /** Costs nothing for a caller from whom nothing is hidden. */
  private static <T, D> boolean isHidden(Resource<T, D> resource, Call call, UUID id) {
    Viewer viewer = Viewer.of(call);
    return !viewer.hidden().isEmpty()
        && resource
            .find(viewer.organization(), id)
            .filter(found -> !resource.isVisible(viewer, found))
            .isPresent();
  }

  private <T, D> Answer saved(Resource<T, D> resource, Call call, Written<T> written) {
    return written(call, written, (out, saved) -> resource.appendSaved(call, out, saved));
  }

  private <T, D> Answer written(Resource<T, D> resource, Call call, Written<T> written) {
    return written(call, written, resource::append);
  }

  /** What came of a change, shown as {@code append} writes it. */
  <T> Answer written(Call call, Written<T> written, BiConsumer<JsonText, T> append) {
    return switch (written) {
      case Written.Done<T>(T changed, long version) -> {
        rulesChanged.accept(new RulesChanged(organization(call), version));
        yield shown(changed, append);
      }
      case Written.Saved<T>(T changed) -> shown(changed, append);
      case Written.Refused<T> refused -> ApiError.of(refused);
    };
  }

  private static <T> Answer shown(T one, BiConsumer<JsonText, T> append) {
    JsonText out = new JsonText();
    append.accept(out, one);
    return new Answer.Ok(out.toString());
  }

  /** Who makes a call, as what he changes will name him. */
  Author author(Call call) {
    return new Author(
        organization(call),
        call.caller().serviceUser().toString(),
        clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  private static OrganizationId organization(Call call) {
    return call.caller().organization();
  }
}
