package dev.tocsin.api;

import dev.tocsin.access.Kind;
import dev.tocsin.catalog.Catalog;
import dev.tocsin.catalog.EventType;
import dev.tocsin.catalog.FieldType;
import dev.tocsin.event.EventName;
import io.vertx.core.http.HttpMethod;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The calls that tell of the event types there are, at {@code events/types} and {@code …/fields}.
 */
final class CatalogEndpoints {
  /**
   * Known of every entity, in its payloads, and not listed: they tell of the record, not of what is
   * recorded. Rules may use them.
   */
  private static final Set<String> UNLISTED =
      Set.of("orgId", "version", "dtCreated", "dtLastModified", "createdBy", "lastModifiedBy");

  private final Catalog catalog;

  CatalogEndpoints(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Both, whose paths an event's could be taken for. */
  List<Endpoint> all() {
    return List.of(
        new Endpoint(
            HttpMethod.GET, EventEndpoints.PATH + "/types", Need.retrieve(Kind.EVENT), this::types),
        new Endpoint(
            HttpMethod.GET,
            EventEndpoints.PATH + "/fields",
            Need.retrieve(Kind.EVENT),
            this::fields));
  }

  private Answer types(Call call) {
    JsonText out = new JsonText(4_096).open().openArray("events");
    sorted(call).forEach(type -> out.item(type.name().value()));
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
    Query query = call.query();
    String name = query.text("eventName");
    if (name == null) {
      return sorted(call);
    }
    EventName eventName = new EventName(name);
    EventType type = catalog.find(eventName);
    if (type != null && call.permissions().hiddenEvents().hides(eventName)) {
      query.flaw("eventName", "no event type is named \"" + name + '"');
      return List.of();
    }
    if (type == null) {
      query.flaw("eventName", catalog.unknown(eventName, '"' + name + '"'));
      return List.of();
    }
    return List.of(type);
  }

  /** Those whose events the caller may see, if there are any. */
  private List<EventType> sorted(Call call) {
    return catalog.all().stream()
        .filter(type -> !call.permissions().hiddenEvents().hides(type.name()))
        .sorted(Comparator.comparing(type -> type.name().value()))
        .toList();
  }

  /** What an event of the type has, as calculations call it. */
  private static Map<String, FieldType> listed(EventType type) {
    Map<String, FieldType> listed = new TreeMap<>();
    type.fields()
        .forEach((field, kind) -> {
          if (UNLISTED.contains(field)) {
            return;
          }
          if (type.transition().hasAfter()) {
            listed.put("new." + field, kind);
          }
          if (type.transition().hasBefore()) {
            listed.put("old." + field, kind);
          }
        });
    return listed;
  }
}
