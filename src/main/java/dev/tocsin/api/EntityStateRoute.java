package dev.tocsin.api;

import dev.tocsin.access.HiddenEvents;
import dev.tocsin.bus.Bus;
import dev.tocsin.flow.Flow;
import dev.tocsin.flow.StateReceived;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The way in for states of entities: {@code PUT} and {@code DELETE …/entities/{entity}/{entityId}},
 * wholly on the event loop.
 *
 * <p>The answer tells whether the entity is there and whether it has that state. So it is for those
 * alone from whom the entity is not hidden.
 */
final class EntityStateRoute {
  static final String PATH = "entities/:entity/:entityId";

  private static final String ACCOUNT = "account";

  private final Bus bus;
  private final BodyRoom room;
  private final ApiSettings settings;

  EntityStateRoute(Bus bus, BodyRoom room, ApiSettings settings) {
    this.bus = bus;
    this.room = room;
    this.settings = settings;
  }

  void mountPut(Route route) {
    BodyLimit.set(route.handler(EntityStateRoute::admit), settings.bodyBytesMax(), room)
        .handler(ctx -> say(ctx, BodyLimit.bytes(ctx)));
  }

  void mountDelete(Route route) {
    route.handler(EntityStateRoute::admit).handler(ctx -> say(ctx, null));
  }

  /** Whose an item is, is known when its state is; so a hidden account hides all but accounts. */
  private static void admit(RoutingContext ctx) {
    HiddenEvents hidden = OrganizationRoutes.permissions(ctx).hiddenEvents();
    String entity = part(ctx, "entity");
    boolean isHidden =
        hidden.hides(entity, part(ctx, "entityId"))
            || (hidden.hidesAccounts() && !entity.equalsIgnoreCase(ACCOUNT));
    if (isHidden) {
      Replies.send(
          ctx,
          ApiError.forbidden(
              "not_permitted",
              "the policies of the service user hide the entity, or an account that it may belong"
                  + " to, and the answer would tell of it"));
    } else {
      ctx.next();
    }
  }

  private void say(RoutingContext ctx, byte @Nullable [] body) {
    Query query = OrganizationRoutes.query(ctx);
    StateReceived said =
        new StateReceived(
            OrganizationRoutes.caller(ctx).organization(),
            part(ctx, "entity"),
            part(ctx, "entityId"),
            body,
            query.text("eventTime"),
            query.text("id"),
            OrganizationRoutes.permissions(ctx).hiddenEvents().names().isEmpty());
    ApiError error = query.error();
    if (error != null) {
      Replies.send(ctx, error);
      return;
    }
    bus.ask(Flow.STATE_RECEIVED, said, settings.ingestPatience())
        .map(answer -> IngestAnswerJson.of(answer, OrganizationRoutes.permissions(ctx)))
        .otherwise(failure -> unavailable())
        .onSuccess(answer -> Replies.send(ctx, answer));
  }

  private static String part(RoutingContext ctx, String name) {
    return Objects.requireNonNull(ctx.pathParam(name), name);
  }

  private Answer unavailable() {
    return ApiError.unavailable("the state could not be stored in time", settings.retryAfter());
  }
}
