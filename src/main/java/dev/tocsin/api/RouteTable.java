package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/** The routes of a router, by path, so that each path can say which methods it has. */
final class RouteTable {
  private static final String OPERATION = "operation";

  private final Router router;
  private final Contract contract;
  private final Map<String, TreeSet<String>> methods = new LinkedHashMap<>();

  /** Routes of a router, as the contract has them. */
  RouteTable(Router router, Contract contract) {
    this.router = router;
    this.contract = contract;
  }

  /** Adds a route outside of organizations, which asks for no right. */
  Route open(HttpMethod method, String path) {
    if (path.startsWith(OrganizationRoutes.ORGANIZATION)) {
      throw new IllegalStateException(method + " " + path + " asks for no right");
    }
    return add(method, path);
  }

  /**
   * Adds a route of an organization, with an empty path that of the organization itself, which goes
   * on only if the caller has a right, and knows what the contract says of it.
   */
  Route guarded(HttpMethod method, String path, Need need) {
    String whole =
        path.isEmpty() ? OrganizationRoutes.ORGANIZATION : OrganizationRoutes.PREFIX + path;
    Contract.Operation operation = contract.operation(method, whole);
    if (operation == null) {
      throw new IllegalStateException(method + " " + whole + " is not in the contract");
    }
    return add(method, whole)
        .handler(ctx -> {
          ctx.put(OPERATION, operation);
          ask(ctx, need);
        });
  }

  /** What the contract says of the route that a request came to. */
  static Contract.Operation operation(RoutingContext ctx) {
    return Objects.requireNonNull(
        ctx.<Contract.Operation>get(OPERATION), "a route without contract");
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
