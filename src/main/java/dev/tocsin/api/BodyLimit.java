package dev.tocsin.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;

/**
 * Reads the bodies of a route, which may have so many bytes, as bytes: whatever a client says they
 * are. (One that says nothing, such as {@code curl -d}, says they are a form.)
 */
final class BodyLimit {
  private static final String LIMIT = "bodyBytesMax";
  private static final String BODY = "body";
  private static final int FIRST_BYTES_MAX = 64 << 10;
  private static final int TOO_LARGE = 413;

  private BodyLimit() {}

  /** Adds the reading to a route, to be followed by what is done with the body. */
  static Route set(Route route, int bytesMax) {
    return route.handler(ctx -> {
      ctx.put(LIMIT, bytesMax);
      read(ctx, bytesMax);
    });
  }

  /** The limit that a request's body broke. */
  static int of(RoutingContext ctx) {
    return ctx.<Integer>get(LIMIT, 0);
  }

  /** The body as it came; empty when there was none. */
  static byte[] bytes(RoutingContext ctx) {
    Buffer body = ctx.get(BODY);
    return body == null ? new byte[0] : body.getBytes();
  }

  private static void read(RoutingContext ctx, int bytesMax) {
    HttpServerRequest request = ctx.request();
    long declared = declaredLength(request);
    if (declared > bytesMax) {
      ctx.fail(TOO_LARGE);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
    Buffer body = Buffer.buffer((int) Math.min(Math.max(declared, 0), FIRST_BYTES_MAX));
    request.handler(chunk -> {
      if (ctx.failed()) {
        return;
      }
      if (body.length() + chunk.length() > bytesMax) {
        ctx.fail(TOO_LARGE);
      } else {
        body.appendBuffer(chunk);
      }
    });
    request.endHandler(nothing -> {
      if (!ctx.failed()) {
        ctx.put(BODY, body);
        ctx.next();
      }
    });
  }

  /**
   * What the client says the length is; -1 when it does not, and the parser checks what it says.
   */
  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
