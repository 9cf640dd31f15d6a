package dev.tocsin.api;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/**
 * Answers what is not even HTTP, or has an address or headers that are too long; then closes the
 * connection, since nobody knows where the next request would begin.
 */
final class InvalidRequests {
  private InvalidRequests() {}

  static void answer(HttpServerRequest request) {
    ApiError error =
        switch (request.decoderResult().cause()) {
          case TooLongHttpLineException line ->
              ApiError.tooLong(414, "the address is longer than the server takes");
          case TooLongHttpHeaderException header ->
              ApiError.tooLong(431, "the headers are longer than the server takes");
          case null, default ->
              ApiError.badRequest("malformed_request", "the request is not the HTTP it has to be");
        };
    request
        .response()
        .setStatusCode(error.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(error.json())
        .onComplete(done -> request.connection().close());
  }
}
