package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Kind;
import dev.tocsin.access.Permissions;
import dev.tocsin.access.Rights;
import dev.tocsin.access.Rights.Standing;
import dev.tocsin.event.OrganizationId;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Everything below an organization's path: first the gate, then what the caller may do, then the
 * endpoints, each on a thread that may wait, and the ways in and out for events.
 */
final class OrganizationRoutes {
  static final String ORGANIZATION = "/organizations/:orgId";
  static final String PREFIX = ORGANIZATION + "/";

  private static final String CALLER = "caller";
  private static final String PERMISSIONS = "permissions";
  private static final Set<HttpMethod> METHODS_WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT);

  private final Gate gate;
  private final Rights rights;
  private final Counter refused;
  private final Desk<OrganizationId> desk;
  private final BodyRoom room;
  private final IngestRoute ingest;
  private final EntityStateRoute states;
  private final StreamRoute stream;
  private final List<Endpoint> endpoints;
  private final Failures failures;
  private final ApiSettings settings;

  OrganizationRoutes(
      Gate gate,
      Rights rights,
      Counter refused,
      Desk<OrganizationId> desk,
      BodyRoom room,
      IngestRoute ingest,
      EntityStateRoute states,
      StreamRoute stream,
      List<Endpoint> endpoints,
      Failures failures,
      ApiSettings settings) {
    this.gate = gate;
    this.rights = rights;
    this.refused = refused;
    this.desk = desk;
    this.room = room;
    this.ingest = ingest;
    this.states = states;
    this.stream = stream;
    this.endpoints = List.copyOf(endpoints);
    this.failures = failures;
    this.settings = settings;
  }

  void mount(Router router, RouteTable routes) {
    router.route(ORGANIZATION).handler(this::admit);
    router.route(PREFIX + "*").handler(this::admit);
    ingest.mount(routes.guarded(HttpMethod.POST, EventEndpoints.PATH, Need.create(Kind.EVENT)));
    Need say = Need.create(Kind.EVENT);
    states.mountPut(routes.guarded(HttpMethod.PUT, EntityStateRoute.PATH, say));
    states.mountDelete(routes.guarded(HttpMethod.DELETE, EntityStateRoute.PATH, say));
    stream.mount(routes.guarded(HttpMethod.GET, StreamRoute.PATH, StreamRights.NEED));
    for (Endpoint endpoint : endpoints) {
      Route route = routes.guarded(endpoint.method(), endpoint.path(), endpoint.need());
      if (METHODS_WITH_BODY.contains(endpoint.method())) {
        BodyLimit.set(route, settings.managementBodyBytesMax(), room);
      }
      route.handler(ctx -> run(ctx, endpoint));
    }
  }

  private void admit(RoutingContext ctx) {
    String authorization = ctx.request().getHeader(HttpHeaders.AUTHORIZATION);
    switch (gate.check(authorization, ctx.pathParam("orgId"))) {
      case Reading.Bad<Caller>(ApiError error) -> Replies.send(ctx, error);
      case Reading.Good<Caller>(Caller caller) -> admit(ctx, caller);
    }
  }

  /** What the caller may do is mostly known; where it is looked up, the body waits for it. */
  private void admit(RoutingContext ctx, Caller caller) {
    ctx.put(CALLER, caller);
    CompletableFuture<Standing> standing = rights.of(caller);
    if (standing.isDone() && !standing.isCompletedExceptionally()) {
      admit(ctx, standing.join());
      return;
    }
    ctx.request().pause();
    Future.fromCompletionStage(standing, ctx.vertx().getOrCreateContext())
        .onComplete(looked -> {
          if (looked.succeeded()) {
            admit(ctx, looked.result());
          } else {
            Replies.send(ctx, failures.describe(looked.cause(), Failures.where(ctx)));
          }
          // Not before: what comes of the body goes to whoever is there to take it.
          ctx.request().resume();
        });
  }

  private void admit(RoutingContext ctx, Standing standing) {
    switch (standing) {
      case Standing.Known(Permissions permissions) -> {
        ctx.put(PERMISSIONS, permissions);
        ctx.next();
      }
      case Standing.Revoked() -> Replies.send(ctx, ApiError.revoked());
      case Standing.Busy() -> {
        refused.increment();
        Replies.send(ctx, ApiError.busy(settings.retryAfter()));
      }
    }
  }

  /** Who the gate let in. */
  static Caller caller(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Caller>get(CALLER), "a route without a gate");
  }

  /** What he may do. */
  static Permissions permissions(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Permissions>get(PERMISSIONS), "a route without a gate");
  }

  private void run(RoutingContext ctx, Endpoint endpoint) {
    Caller caller = caller(ctx);
    Call call =
        new Call(
            caller,
            permissions(ctx),
            ctx.pathParams(),
            query(ctx),
            BodyLimit.bytes(ctx),
            RouteTable.operation(ctx));
    Context context = ctx.vertx().getOrCreateContext();
    String where = Failures.where(ctx);
    Desk.Refusal refusal =
        desk.take(
            caller.organization(),
            () -> {
              Answer answer = answer(endpoint, call, where);
              context.runOnContext(nothing -> Replies.send(ctx, answer));
            });
    switch (refusal) {
      case null -> {}
      case TENANT -> Replies.send(ctx, ApiError.tooManyRequests(settings.retryAfter()));
      case SERVER -> Replies.send(ctx, ApiError.busy(settings.retryAfter()));
    }
  }

  private Answer answer(Endpoint endpoint, Call call, String where) {
    try {
      return endpoint.work().answer(call);
    } catch (RuntimeException e) {
      return failures.describe(e, where);
    }
  }

  /** The query of a request, held to the contract. */
  static Query query(RoutingContext ctx) {
    Map<String, List<String>> parameters = new HashMap<>();
    ctx.queryParams().names().forEach(name -> parameters.put(name, ctx.queryParams().getAll(name)));
    Query query = new Query(parameters);
    query.hold(RouteTable.operation(ctx));
    return query;
  }
}
