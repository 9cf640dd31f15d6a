package dev.tocsin.api;

import dev.tocsin.access.Action;
import dev.tocsin.access.Kind;
import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The calls that read events and mark them as dealt with, at {@code events}. */
final class EventEndpoints {
  static final String PATH = "events";

  private static final int PAGE_SIZE_MAX = 100;

  private final Events store;
  private final InstantSource clock;

  EventEndpoints(Events store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, PATH, Need.retrieve(Kind.EVENT), this::list),
        new Endpoint(HttpMethod.GET, PATH + "/:id", Need.retrieve(Kind.EVENT), this::find),
        new Endpoint(HttpMethod.PUT, PATH + "/:id/actioned", Need.update(Kind.EVENT), this::action),
        new Endpoint(HttpMethod.PUT, PATH + "/actioned", Need.update(Kind.EVENT), this::actionAll));
  }

  private Answer list(Call call) {
    PageRequest wanted = call.query().page(PAGE_SIZE_MAX);
    String notificationId = call.query().text("notificationId");
    UUID rule = Uuids.parse(notificationId);
    Events.Filter filter = filter(call.query(), rule == null ? null : new RuleId(rule));
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    // A text that is no id is the id of no rule: none such fired on any event.
    Page<StoredEvent> page =
        notificationId != null && rule == null
            ? new Page<>(List.of(), false)
            : store.list(Viewer.of(call), filter, wanted);
    return Pages.answer(page, EventEndpoints::append, event -> event.id().value());
  }

  /** Actioned events are listed unless the caller says otherwise: a list hides nothing unasked. */
  private static Events.Filter filter(Query query, @Nullable RuleId notificationId) {
    return new Events.Filter(
        query.ids("ids").stream().map(EventId::new).toList(),
        query.text("eventName"),
        query.text("eventType"),
        query.text("accountId"),
        query.text("resourceId"),
        notificationId,
        query.text("notificationCode"),
        !Boolean.FALSE.equals(query.flag("includeActioned")),
        new Events.Period(query.moment("from"), query.moment("to")));
  }

  private Answer find(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    return store
        .find(Viewer.of(call), new EventId(id))
        .map(EventEndpoints::shown)
        .orElse(ApiError.missing());
  }

  private Answer action(Call call) {
    boolean actioned = call.query().requiredFlag("actioned");
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    UUID id = call.id();
    List<StoredEvent> marked =
        id == null ? List.of() : marked(call, List.of(new EventId(id)), actioned);
    return marked.isEmpty() ? ApiError.missing() : shown(marked.getFirst());
  }

  private Answer actionAll(Call call) {
    return switch (call.properties()) {
      case Reading.Bad<JsonProperties>(ApiError error) -> error;
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        List<EventId> ids =
            properties.ids("ids", Query.IDS_MAX).stream().map(EventId::new).toList();
        boolean actioned = properties.requiredFlag("actioned");
        yield switch (properties.result(() -> ids)) {
          case Reading.Bad<List<EventId>>(ApiError error) -> error;
          case Reading.Good<List<EventId>>(List<EventId> wanted) ->
              Pages.answer(
                  new Page<>(marked(call, wanted, actioned), false),
                  EventEndpoints::append,
                  event -> event.id().value());
        };
      }
    };
  }

  /** Marks those that the caller may see and change; to him there are no others. */
  private List<StoredEvent> marked(Call call, List<EventId> ids, boolean actioned) {
    List<EventId> permitted =
        ids.stream()
            .filter(id ->
                call.permissions().permit(Action.CONFIG_UPDATE, Kind.EVENT, id.toString())
                    && call.permissions().permit(Action.CONFIG_RETRIEVE, Kind.EVENT, id.toString()))
            .toList();
    return permitted.isEmpty()
        ? List.of()
        : store.action(Viewer.of(call), permitted, actioned, clock.instant());
  }

  private static Answer shown(StoredEvent event) {
    return new Answer.Ok(EventJson.append(new StringBuilder(1_024), event).toString());
  }

  private static void append(JsonText out, StoredEvent event) {
    EventJson.append(out.item(), event);
  }
}
