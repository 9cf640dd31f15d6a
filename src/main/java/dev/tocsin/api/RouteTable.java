package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The routes of a router, by path, so that each path can say which methods it has. */
final class RouteTable {
  private final Router router;
  private final Map<String, TreeSet<String>> methods = new LinkedHashMap<>();

  RouteTable(Router router) {
    this.router = router;
  }

  /** Adds a route outside of organizations, which asks for no right. */
  Route open(HttpMethod method, String path) {
    if (path.startsWith(OrganizationRoutes.PREFIX)) {
      throw new IllegalStateException(method + " " + path + " asks for no right");
    }
    return add(method, path);
  }

  /** Adds a route of an organization, which goes on only if the caller has a right. */
  Route guarded(HttpMethod method, String path, Need need) {
    return add(method, OrganizationRoutes.PREFIX + path).handler(ctx -> ask(ctx, need));
  }

  private static void ask(RoutingContext ctx, Need need) {
    ApiError refusal = need.refusal(OrganizationRoutes.permissions(ctx), ctx.pathParam("id"));
    if (refusal == null) {
      ctx.next();
    } else {
      Replies.send(ctx, refusal);
    }
  }

  private Route add(HttpMethod method, String path) {
    methods.computeIfAbsent(path, none -> new TreeSet<>()).add(method.name());
    return router.route(method, path);
  }

  /** Answers every other method of the paths added; to be called after the last of them. */
  void refuseOtherMethods() {
    methods.forEach((path, names) -> {
      String allowed = String.join(", ", names);
      router
          .route(path)
          .handler(ctx -> {
            ctx.response().putHeader(HttpHeaders.ALLOW, allowed);
            Replies.send(ctx, ApiError.methodNotAllowed());
          });
    });
  }
}
