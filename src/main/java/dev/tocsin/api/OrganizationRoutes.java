package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.event.OrganizationId;
import io.vertx.core.Context;
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

/**
 * Everything below an organization's path: first the gate, then the endpoints, each on a thread
 * that may wait, and the way in for events.
 */
final class OrganizationRoutes {
  private static final String PREFIX = "/organizations/:orgId/";
  private static final String CALLER = "caller";
  private static final Set<HttpMethod> METHODS_WITH_BODY = Set.of(HttpMethod.POST, HttpMethod.PUT);

  private final Gate gate;
  private final Desk<OrganizationId> desk;
  private final BodyRoom room;
  private final IngestRoute ingest;
  private final List<Endpoint> endpoints;
  private final Failures failures;
  private final ApiSettings settings;

  OrganizationRoutes(
      Gate gate,
      Desk<OrganizationId> desk,
      BodyRoom room,
      IngestRoute ingest,
      List<Endpoint> endpoints,
      Failures failures,
      ApiSettings settings) {
    this.gate = gate;
    this.desk = desk;
    this.room = room;
    this.ingest = ingest;
    this.endpoints = List.copyOf(endpoints);
    this.failures = failures;
    this.settings = settings;
  }

  void mount(Router router, RouteTable routes) {
    router.route(PREFIX + "*").handler(this::admit);
    ingest.mount(routes.add(HttpMethod.POST, PREFIX + EventEndpoints.PATH));
    for (Endpoint endpoint : endpoints) {
      Route route = routes.add(endpoint.method(), PREFIX + endpoint.path());
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
      case Reading.Good<Caller>(Caller caller) -> {
        ctx.put(CALLER, caller);
        ctx.next();
      }
    }
  }

  /** Who the gate let in. */
  static Caller caller(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Caller>get(CALLER), "a route without a gate");
  }

  private void run(RoutingContext ctx, Endpoint endpoint) {
    Caller caller = caller(ctx);
    Call call = new Call(caller, ctx.pathParams(), query(ctx), BodyLimit.bytes(ctx));
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

  private static Query query(RoutingContext ctx) {
    Map<String, List<String>> parameters = new HashMap<>();
    ctx.queryParams().names().forEach(name -> parameters.put(name, ctx.queryParams().getAll(name)));
    return new Query(parameters);
  }
}
