package dev.tocsin.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

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

  /**
   * Adds the reading to a route before the gate, to be followed by what is done with the body. Its
   * limit must be small: it alone bounds what a connection can make the server hold.
   */
  static Route set(Route route, int bytesMax) {
    return route.handler(ctx -> read(ctx, bytesMax, null));
  }

  /** Adds the reading to a route behind the gate: the body takes room of the caller's. */
  static Route set(Route route, int bytesMax, BodyRoom room) {
    return route.handler(ctx -> {
      BodyRoom.Share share = room.share(OrganizationRoutes.caller(ctx).organization());
      ctx.addEndHandler(answeredOrGone -> share.release());
      read(ctx, bytesMax, share);
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

  private static void read(RoutingContext ctx, int bytesMax, BodyRoom.@Nullable Share share) {
    ctx.put(LIMIT, bytesMax);
    HttpServerRequest request = ctx.request();
    long declared = declaredLength(request);
    Upload upload = new Upload(ctx, bytesMax, share, declared);
    request.handler(upload::take);
    request.endHandler(nothing -> upload.end());
    if (upload.admit(declared)
        && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  /** A body on its way in. Of one that was refused the rest is read, and nothing is kept. */
  private static final class Upload {
    private final RoutingContext ctx;
    private final int bytesMax;
    private final BodyRoom.@Nullable Share share;
    private @Nullable Buffer body;

    Upload(RoutingContext ctx, int bytesMax, BodyRoom.@Nullable Share share, long declared) {
      this.ctx = ctx;
      this.bytesMax = bytesMax;
      this.share = share;
      this.body = Buffer.buffer((int) Math.min(Math.max(declared, 0), FIRST_BYTES_MAX));
    }

    /** Whether the body may have so many bytes; if not, the client is told. */
    boolean admit(long length) {
      if (length > bytesMax) {
        body = null;
        ctx.fail(TOO_LARGE);
        return false;
      }
      ApiError refusal = share == null ? null : share.reserve(length);
      if (refusal != null) {
        body = null;
        Replies.send(ctx, refusal);
        return false;
      }
      return true;
    }

    void take(Buffer chunk) {
      Buffer soFar = body;
      if (soFar != null && admit((long) soFar.length() + chunk.length())) {
        soFar.appendBuffer(chunk);
      }
    }

    void end() {
      if (body != null) {
        ctx.put(BODY, body);
        body = null;
        ctx.next();
      }
    }
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
