package dev.tocsin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Writes answers to the wire. */
final class Replies {
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("x-content-type-options");

  private Replies() {}

  /** Sends an answer, from the request's own context, unless the caller is gone. */
  static void send(RoutingContext ctx, Answer answer) {
    switch (answer) {
      case Answer.Ok(String json) -> send(ctx, 200, json);
      case Answer.Accepted(String json) -> send(ctx, 202, json);
      case ApiError error -> {
        if (error.retryAfter() != null) {
          ctx.response().putHeader(HttpHeaders.RETRY_AFTER, seconds(error.retryAfter()));
        }
        send(ctx, error.status(), error.json());
      }
    }
  }

  /** Sends JSON with a status of its own. */
  static void send(RoutingContext ctx, int status, String json) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF);
    response.end(json);
  }

  /** Whole seconds, as the header wants them; never 0, which would invite at once. */
  static String seconds(Duration duration) {
    return Long.toString(Math.max(1, duration.plusMillis(999).toSeconds()));
  }
}
