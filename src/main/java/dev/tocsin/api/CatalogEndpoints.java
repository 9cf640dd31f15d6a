package dev.tocsin.api;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.access.Kind;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.catalog.LearnedField;
import dev.tocsin.event.EventName;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.event.Transition;
import io.vertx.core.http.HttpMethod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The calls that tell of the event types there are, at {@code events/types} and {@code …/fields},
 * and of what was learned of their fields, at {@code catalog/fields}.
 */
final class CatalogEndpoints {
  /**
   * Known of every entity, in its payloads, and not listed: they tell of the record, not of what is
   * recorded. Rules may use them.
   */
  private static final Set<String> UNLISTED =
      Set.of("orgId", "version", "dtCreated", "dtLastModified", "createdBy", "lastModifiedBy");

  private final OrganizationCatalogs catalogs;

  CatalogEndpoints(OrganizationCatalogs catalogs) {
    this.catalogs = catalogs;
  }

  /** The first two have paths that an event's could be taken for. */
  List<Endpoint> all() {
    return List.of(
        new Endpoint(
            HttpMethod.GET, EventEndpoints.PATH + "/types", Need.retrieve(Kind.EVENT), this::types),
        new Endpoint(
            HttpMethod.GET,
            EventEndpoints.PATH + "/fields",
            Need.retrieve(Kind.EVENT),
            this::fields),
        new Endpoint(HttpMethod.GET, "catalog/fields", Need.retrieve(Kind.EVENT), this::learned));
  }

  private Answer types(Call call) {
    JsonText out = new JsonText(4_096).open().openArray("events");
    sorted(call, catalogs.of(organization(call))).forEach(type -> out.item(type.name().value()));
    return new Answer.Ok(out.closeArray().close().toString());
  }

  private Answer fields(Call call) {
    List<EventType> wanted = wanted(call);
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    JsonText out = new JsonText(1_024 * wanted.size()).open().open("events");
    for (EventType type : wanted) {
      out.open(type.name().value());
      listed(type).forEach((field, kind) -> out.text(field, kind.listed()));
      out.close();
    }
    return new Answer.Ok(out.close().close().toString());
  }

  private List<EventType> wanted(Call call) {
    OrganizationId organization = organization(call);
    String name = call.query().text("eventName");
    if (name == null) {
      return allDescribed(call);
    }
    EventType type = find(call, catalogs.of(organization), name);
    return type == null ? List.of() : List.of(catalogs.described(organization, type));
  }

  /** The type of a name; null, which is noted, when there is none for the caller. */
  private static @Nullable EventType find(Call call, Catalog catalog, String name) {
    EventName eventName = new EventName(name);
    EventType type = catalog.find(eventName);
    Predicate<EventType> visible = Viewer.of(call).events();
    if (type == null || !visible.test(type)) {
      call.query().flaw("eventName", catalog.unknown(eventName, '"' + name + '"', visible));
      return null;
    }
    return type;
  }

  private List<EventType> allDescribed(Call call) {
    OrganizationId organization = organization(call);
    Map<String, List<LearnedField>> learned =
        catalogs.learned(organization).stream()
            .collect(Collectors.groupingBy(LearnedField::subject));
    return sorted(call, catalogs.of(organization)).stream()
        .map(type ->
            type.with(
                type.subjects().stream()
                    .flatMap(subject -> learned.getOrDefault(subject, List.of()).stream())
                    .toList()))
        .toList();
  }

  /** Those whose events the caller may see, if there are any. */
  private static List<EventType> sorted(Call call, Catalog catalog) {
    return catalog.all().stream()
        .filter(type -> !call.permissions().hiddenEvents().hides(type))
        .sorted(Comparator.comparing(type -> type.name().value()))
        .toList();
  }

  /** What an event of the type has, as calculations call it. */
  private static Map<String, FieldType> listed(EventType type) {
    Map<String, FieldType> listed = new TreeMap<>();
    boolean hasBefore = type.transition() != Transition.NONE && type.transition().hasBefore();
    type.fields()
        .forEach((field, kind) -> {
          if (UNLISTED.contains(field)) {
            return;
          }
          if (type.transition().hasAfter()) {
            listed.put("new." + field, kind);
          }
          if (hasBefore) {
            listed.put("old." + field, kind);
          }
        });
    return listed;
  }

  /** What was learned, of an entity or an event type alone if one is named. */
  private Answer learned(Call call) {
    OrganizationId organization = organization(call);
    String entity = call.query().text("entity");
    String eventName = call.query().text("eventName");
    Catalog catalog = catalogs.of(organization);
    EventType type = eventName == null ? null : find(call, catalog, eventName);
    if (entity != null && eventName != null) {
      call.query().flaw("entity", "must not be given with eventName");
    }
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    List<LearnedField> fields;
    if (type != null) {
      fields = catalogs.learned(organization, type.subjects());
    } else {
      fields =
          entity == null
              ? catalogs.learned(organization)
              : catalogs.learned(organization, Set.of(entity));
    }
    return new Answer.Ok(json(visible(call, catalog, fields), catalog.entityNames()));
  }

  /**
   * Those of entities and events that the caller may see; what had some may be declared no more.
   */
  private static List<LearnedField> visible(Call call, Catalog catalog, List<LearnedField> fields) {
    HiddenEvents hidden = call.permissions().hiddenEvents();
    return fields.stream()
        .filter(field -> {
          EventName name = new EventName(field.subject());
          EventType type = catalog.find(name);
          return type == null
              ? !hidden.hidesEntity(field.subject()) && !hidden.hides(name)
              : !hidden.hides(type);
        })
        .toList();
  }

  private static String json(List<LearnedField> fields, Set<String> entities) {
    JsonText out = new JsonText(256 + 150 * fields.size()).open().openArray("data");
    for (LearnedField field : fields) {
      out.open()
          .text(entities.contains(field.subject()) ? "entity" : "eventName", field.subject())
          .text("field", field.path())
          .text("type", field.type().listed())
          .text("firstSeen", field.firstSeen().toString())
          .text("lastSeen", field.lastSeen().toString())
          .close();
    }
    return out.closeArray().close().toString();
  }

  private static OrganizationId organization(Call call) {
    return call.caller().organization();
  }
}
