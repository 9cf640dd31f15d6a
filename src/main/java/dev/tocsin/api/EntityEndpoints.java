package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.CustomEntity;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The calls of custom entities, at {@code catalog/entities}. Each is known by its name, so it is
 * made by a PUT, too.
 */
final class EntityEndpoints {
  private static final String PATH = "catalog/entities";
  private static final String ONE = PATH + "/:id";

  private final CustomEntities store;
  private final OrganizationCatalogs catalogs;
  private final InstantSource clock;

  EntityEndpoints(CustomEntities store, OrganizationCatalogs catalogs, InstantSource clock) {
    this.store = store;
    this.catalogs = catalogs;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, PATH, Need.retrieve(Kind.CUSTOM_ENTITY), this::list),
        new Endpoint(HttpMethod.GET, ONE, Need.retrieve(Kind.CUSTOM_ENTITY), this::find),
        new Endpoint(HttpMethod.PUT, ONE, Need.update(Kind.CUSTOM_ENTITY), this::put),
        new Endpoint(HttpMethod.DELETE, ONE, Need.delete(Kind.CUSTOM_ENTITY), this::delete));
  }

  /** All on one page: how many there may be is bounded. */
  private Answer list(Call call) {
    JsonText out = new JsonText(4_096).open().openArray("data");
    Set<String> denied = call.permissions().deniedItems(Action.CONFIG_RETRIEVE, Kind.CUSTOM_ENTITY);
    store.list(organization(call)).stream()
        .filter(one -> !denied.contains(one.entity().name().toLowerCase(Locale.ROOT)))
        .filter(one -> !isHidden(call, one.entity().name()))
        .forEach(entity -> EntityJson.append(out, entity));
    return new Answer.Ok(out.closeArray().close().toString());
  }

  private Answer find(Call call) {
    return named(call).map(EntityEndpoints::shown).orElse(ApiError.missing());
  }

  private Optional<EntityDeclaration> named(Call call) {
    String name = call.part("id");
    return Texts.isStorable(name) && !isHidden(call, name)
        ? store.find(organization(call), name).filter(one -> one.entity().name().equals(name))
        : Optional.empty();
  }

  /** One whose events are hidden from the caller is none for him. */
  private static boolean isHidden(Call call, String name) {
    return call.permissions().hiddenEvents().hidesEntity(name);
  }

  private Answer put(Call call) {
    if (isHidden(call, call.part("id"))) {
      return ApiError.missing();
    }
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        Long version = properties.wholeNumber("version");
        Catalog catalog = catalogs.of(organization(call));
        yield switch (EntityJson.read(catalog, call.part("id"), properties)) {
          case Reading.Bad<CustomEntity>(ApiError error) -> error;
          case Reading.Good<CustomEntity>(CustomEntity entity) -> put(call, entity, version);
        };
      }
    };
  }

  private Answer put(Call call, CustomEntity entity, @Nullable Long version) {
    Author author = author(call);
    EntityDeclaration there = store.find(author.organization(), entity.name()).orElse(null);
    if (there == null) {
      ApiError refusal = Need.create(Kind.CUSTOM_ENTITY).refusal(call.permissions(), entity.name());
      return refusal == null ? written(call, store.create(author, entity)) : refusal;
    }
    if (!there.entity().name().equals(entity.name())) {
      return ApiError.of(new Written.NameTaken<>(there.entity().name()));
    }
    // A version counts from 1, so this one is stale, which is what its author has to be told.
    return written(call, store.update(author, entity, version == null ? 0 : version));
  }

  private Answer delete(Call call) {
    EntityDeclaration there = named(call).orElse(null);
    if (there == null) {
      return ApiError.missing();
    }
    return written(call, store.delete(author(call), there.entity().name()));
  }

  private Answer written(Call call, Written<EntityDeclaration> written) {
    return switch (catalogs.followed(organization(call), written)) {
      case Written.InUse<EntityDeclaration>(List<Use> uses) ->
          ApiError.inUse(Use.told(uses, use -> mayRead(call, use)));
      case Written.Done<EntityDeclaration>(EntityDeclaration entity, long version) -> shown(entity);
      case Written.Saved<EntityDeclaration>(EntityDeclaration entity) -> shown(entity);
      case Written.Refused<EntityDeclaration> refused -> ApiError.of(refused);
    };
  }

  private static boolean mayRead(Call call, Use use) {
    return call.permissions().permit(Action.CONFIG_RETRIEVE, use.kind(), use.id().toString());
  }

  private static Answer shown(EntityDeclaration entity) {
    JsonText out = new JsonText();
    EntityJson.append(out, entity);
    return new Answer.Ok(out.toString());
  }

  private Author author(Call call) {
    return new Author(
        organization(call),
        call.caller().serviceUser().toString(),
        clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  private static OrganizationId organization(Call call) {
    return call.caller().organization();
  }
}
