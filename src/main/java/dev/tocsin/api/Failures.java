package dev.tocsin.api;

import dev.tocsin.flow.StoreUnavailable;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes an answer of everything that goes wrong without one, and logs what is not the caller's. */
final class Failures {
  private static final Logger log = LoggerFactory.getLogger(Failures.class);

  /** Every status the router may come to without us. */
  private static final int[] STATUSES = {
    400, 404, 405, 406, 408, 411, 413, 414, 415, 416, 417, 431, 500, 501, 503
  };

  private final Duration retryAfter;

  Failures(Duration retryAfter) {
    this.retryAfter = retryAfter;
  }

  /** Takes over from the router's own pages. */
  void mount(Router router) {
    for (int status : STATUSES) {
      router.errorHandler(status, this::answer);
    }
  }

  private void answer(RoutingContext ctx) {
    Throwable failure = ctx.failure();
    int status = ctx.statusCode();
    if (failure != null && status >= 500) {
      Replies.send(ctx, describe(failure, where(ctx)));
    } else {
      Replies.send(ctx, describe(ctx, status));
    }
  }

  /**
   * The answer to a call that failed.
   *
   * @param where what was asked, for the log
   */
  ApiError describe(Throwable thrown, String where) {
    Throwable failure =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (failure instanceof StoreUnavailable) {
      log.warn("store unavailable {}: {}", where, failure.getMessage());
      return ApiError.unavailable("the store cannot be reached at the moment", retryAfter);
    }
    log.error("call failed {}", where, failure);
    return ApiError.internal();
  }

  private ApiError describe(RoutingContext ctx, int status) {
    return switch (status) {
      case 404 -> ApiError.notFound();
      case 413 -> ApiError.tooLarge("the body may have " + BodyLimit.of(ctx) + " bytes at most");
      case 500, 501, 503 -> ApiError.internal();
      default ->
          ApiError.badRequest("malformed_request", "the request is not the HTTP it has to be");
    };
  }

  /** What was asked, as log lines name it: the path holds the organization and the id. */
  static String where(RoutingContext ctx) {
    return "method=" + ctx.request().method() + " path=" + ctx.request().path();
  }
}
