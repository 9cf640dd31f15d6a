package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
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

  Route add(HttpMethod method, String path) {
    methods.computeIfAbsent(path, none -> new TreeSet<>()).add(method.name());
    return router.route(method, path);
  }

  /** Answers every other method of the paths added; to be called after the last {@link #add}. */
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
