package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/** The contract itself: {@code GET /openapi.yaml}, and {@code GET /docs} for people. */
final class ContractRoutes {
  /** The page is one file: whatever else it would ask for is not ours. */
  private static final String ONLY_ITSELF =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  /** Made when it is first asked for, which few servers are. */
  private static final class Shared {
    static final String YAML = Contract.text();
    static final String PAGE = ApiPage.of(Contract.document());
  }

  void mount(RouteTable routes) {
    routes
        .open(HttpMethod.GET, "/openapi.yaml")
        .handler(ctx -> send(ctx, "application/yaml; charset=utf-8", () -> Shared.YAML));
    routes
        .open(HttpMethod.GET, "/docs")
        .handler(ctx -> send(ctx, "text/html; charset=utf-8", () -> Shared.PAGE));
  }

  private static void send(RoutingContext ctx, String type, Supplier<String> text) {
    HttpServerResponse response = ctx.response();
    ctx.vertx()
        .executeBlocking(text::get, false)
        .onSuccess(made ->
            response
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader("content-security-policy", ONLY_ITSELF)
                .putHeader("x-content-type-options", "nosniff")
                .end(made))
        .onFailure(ctx::fail);
  }
}
