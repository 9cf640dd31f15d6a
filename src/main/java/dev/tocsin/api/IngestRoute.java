package dev.tocsin.api;

import dev.tocsin.access.Permissions;
import dev.tocsin.bus.Bus;
import dev.tocsin.flow.BodyForm;
import dev.tocsin.flow.BodyReceived;
import dev.tocsin.flow.Flow;
import io.vertx.core.Future;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;

/** The way in for events: {@code POST …/events}, wholly on the event loop. */
final class IngestRoute {
  private final Bus bus;
  private final BodyRoom room;
  private final ApiSettings settings;

  IngestRoute(Bus bus, BodyRoom room, ApiSettings settings) {
    this.bus = bus;
    this.room = room;
    this.settings = settings;
  }

  void mount(Route route) {
    BodyLimit.set(route, settings.bodyBytesMax(), room).handler(this::store);
  }

  private void store(RoutingContext ctx) {
    switch (EventForms.of(ctx.request().headers())) {
      case Reading.Bad<BodyForm>(ApiError error) -> Replies.send(ctx, error);
      case Reading.Good<BodyForm>(BodyForm form) -> store(ctx, form);
    }
  }

  private void store(RoutingContext ctx, BodyForm form) {
    BodyReceived body =
        new BodyReceived(OrganizationRoutes.caller(ctx).organization(), form, BodyLimit.bytes(ctx));
    store(body, OrganizationRoutes.permissions(ctx)).onSuccess(answer -> Replies.send(ctx, answer));
  }

  /** Has events stored, whichever way they came; answers what somebody may know of it. */
  Future<Answer> store(BodyReceived body, Permissions permissions) {
    return bus.ask(Flow.BODY_RECEIVED, body, settings.ingestPatience())
        .map(answer -> IngestAnswerJson.of(answer, permissions))
        .otherwise(failure -> unavailable());
  }

  private Answer unavailable() {
    return ApiError.unavailable("the events could not be stored in time", settings.retryAfter());
  }
}
