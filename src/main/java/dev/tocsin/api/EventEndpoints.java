package dev.tocsin.api;

import dev.tocsin.event.EventId;
import dev.tocsin.event.EventJson;
import dev.tocsin.event.StoredEvent;
import dev.tocsin.rule.RuleId;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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
            : store.list(call.caller().organization(), filter, wanted);
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
