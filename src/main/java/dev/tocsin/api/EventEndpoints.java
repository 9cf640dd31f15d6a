package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.UUID;

/** The calls that read events, at {@code events}. */
final class EventEndpoints {
  static final String PATH = "events";

  private static final int PAGE_SIZE_MAX = 100;

  private final Events store;

  EventEndpoints(Events store) {
    this.store = store;
  }

  List<Endpoint> all() {
    return List.of(
        new Endpoint(HttpMethod.GET, PATH, this::list),
        new Endpoint(HttpMethod.GET, PATH + "/:id", this::find));
  }

  private Answer list(Call call) {
    PageRequest wanted = call.query().page(PAGE_SIZE_MAX);
    Events.Filter filter = filter(call.query());
    ApiError error = call.query().error();
    if (error != null) {
      return error;
    }
    Page<StoredEvent> page = store.list(call.caller().organization(), filter, wanted);
    return Pages.answer(page, EventEndpoints::append, event -> event.id().value());
  }

  /** Actioned events are listed unless the caller says otherwise: a list hides nothing unasked. */
  private static Events.Filter filter(Query query) {
    return new Events.Filter(
        query.ids("ids").stream().map(EventId::new).toList(),
        query.text("eventName"),
        query.text("eventType"),
        query.text("accountId"),
        query.text("resourceId"),
        query.text("notificationId"),
        query.text("notificationCode"),
        !Boolean.FALSE.equals(query.flag("includeActioned")));
  }

  private Answer find(Call call) {
    UUID id = call.id();
    if (id == null) {
      return ApiError.missing();
    }
    return store
        .find(call.caller().organization(), new EventId(id))
        .<Answer>map(
            event -> new Answer.Ok(EventJson.append(new StringBuilder(1_024), event).toString()))
        .orElse(ApiError.missing());
  }

  private static void append(JsonText out, StoredEvent event) {
    EventJson.append(out.item(), event);
  }
}
