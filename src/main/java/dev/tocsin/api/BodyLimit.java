package dev.tocsin.api;

import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/** Reads the bodies of a route, which may have so many bytes; no file ever comes of one. */
final class BodyLimit {
  private static final String KEY = "bodyBytesMax";

  private BodyLimit() {}

  static Route set(Route route, int bytesMax) {
    BodyHandler reader =
        BodyHandler.create(false).setBodyLimit(bytesMax).setMergeFormAttributes(false);
    return route.handler(ctx -> {
      ctx.put(KEY, bytesMax);
      reader.handle(ctx);
    });
  }

  /** The limit that a request's body broke. */
  static int of(RoutingContext ctx) {
    return ctx.<Integer>get(KEY, 0);
  }

  /** The body as it came; empty when there was none. */
  static byte[] bytes(RoutingContext ctx) {
    return ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes();
  }
}
