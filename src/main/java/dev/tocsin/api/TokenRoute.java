package dev.tocsin.api;

import dev.tocsin.access.KeyCheck;
import dev.tocsin.access.Tokens;
import io.micrometer.core.instrument.Counter;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /oauth/token}: an access key and its secret for a token (RFC 6749, section 4.4, with
 * m3ter's status codes). Clients call it before each of their calls, so it stays on the event loop
 * unless the key has to be looked up.
 */
final class TokenRoute {
  static final int BODY_BYTES_MAX = 4 << 10;

  private static final String PATH = "/oauth/token";
  private static final String SCHEME = "basic ";
  private static final String GRANT_TYPE = "client_credentials";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final int FORM_FIELDS_MAX = 16;
  private static final String PRESENTED = "presented";

  private final KeyCheck keys;
  private final Tokens tokens;
  private final Failures failures;
  private final Duration retryAfter;
  private final Counter refused;

  TokenRoute(
      KeyCheck keys, Tokens tokens, Failures failures, Duration retryAfter, Counter refused) {
    this.keys = keys;
    this.tokens = tokens;
    this.failures = failures;
    this.retryAfter = retryAfter;
    this.refused = refused;
  }

  /** What a caller presents to get a token. */
  private record Presented(String key, String secret) {
    @Override
    public String toString() {
      return "Presented[]";
    }
  }

  void mount(RouteTable routes) {
    BodyLimit.set(routes.open(HttpMethod.POST, PATH).handler(this::present), BODY_BYTES_MAX)
        .handler(this::exchange);
  }

  private void present(RoutingContext ctx) {
    ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    Presented presented = presented(ctx.request().getHeader(HttpHeaders.AUTHORIZATION));
    if (presented == null) {
      Replies.send(
          ctx,
          ApiError.forbidden(
              "missing_credentials", "Basic authorization with access key and secret is required"));
    } else {
      ctx.put(PRESENTED, presented);
      ctx.next();
    }
  }

  private static @Nullable Presented presented(@Nullable String authorization) {
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return null;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(authorization.substring(SCHEME.length()).strip());
      String pair = new String(decoded, StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? null : new Presented(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private void exchange(RoutingContext ctx) {
    switch (grantType(ctx)) {
      case Reading.Bad<String>(ApiError error) -> Replies.send(ctx, error);
      case Reading.Good<String>(String type) when !type.equals(GRANT_TYPE) ->
          Replies.send(
              ctx,
              ApiError.badRequest("unsupported_grant_type", "grant_type must be " + GRANT_TYPE));
      case Reading.Good<String> good ->
          check(ctx, Objects.requireNonNull(ctx.<Presented>get(PRESENTED)));
    }
  }

  private static Reading<String> grantType(RoutingContext ctx) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && type.toLowerCase(Locale.ROOT).startsWith(FORM)) {
      return formGrantType(new String(BodyLimit.bytes(ctx), StandardCharsets.UTF_8));
    }
    if (BodyLimit.bytes(ctx).length == 0) {
      return new Reading.Bad<>(
          ApiError.badRequest(
              "malformed_body",
              "the body is empty, and must have grant_type " + GRANT_TYPE + ", as JSON or a form"));
    }
    return switch (Body.parse(BodyLimit.bytes(ctx))) {
      case Reading.Bad<JsonProperties>(ApiError error) -> new Reading.Bad<>(error);
      case Reading.Good<JsonProperties>(JsonProperties properties) -> {
        String value = properties.optionalText("grant_type", BODY_BYTES_MAX);
        yield new Reading.Good<>(value == null ? "" : value);
      }
    };
  }

  private static Reading<String> formGrantType(String form) {
    try {
      List<String> values =
          new QueryStringDecoder(form, StandardCharsets.UTF_8, false, FORM_FIELDS_MAX)
              .parameters()
              .getOrDefault("grant_type", List.of());
      return new Reading.Good<>(values.size() == 1 ? values.getFirst() : "");
    } catch (IllegalArgumentException e) {
      return new Reading.Bad<>(
          ApiError.badRequest("malformed_body", "the body is not the form it says it is"));
    }
  }

  private void check(RoutingContext ctx, Presented presented) {
    Future.fromCompletionStage(
            keys.check(presented.key(), presented.secret()), ctx.vertx().getOrCreateContext())
        .map(this::answer)
        .otherwise(failure -> failures.describe(failure, Failures.where(ctx)))
        .onSuccess(answer -> Replies.send(ctx, answer));
  }

  private Answer answer(KeyCheck.Result result) {
    return switch (result) {
      case KeyCheck.Result.Confirmed confirmed ->
          new Answer.Ok(
              new JsonText()
                  .open()
                  .text("access_token", tokens.issue(confirmed.caller()))
                  .number("expires_in", tokens.validity().toSeconds())
                  .text("token_type", "Bearer")
                  .raw("scope", "null")
                  .close()
                  .toString());
      case KeyCheck.Result.Refused() ->
          ApiError.forbidden("invalid_credentials", "there is no such access key and secret");
      case KeyCheck.Result.Busy() -> {
        refused.increment();
        yield ApiError.busy(retryAfter);
      }
    };
  }
}
