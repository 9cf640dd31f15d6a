package dev.tocsin.api;

import dev.tocsin.access.Caller;
import dev.tocsin.access.Tokens;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Lets in who shows a token of the organization in the path. It looks nothing up, so that it costs
 * microseconds and can stand before everything else, the reading of the body included.
 */
final class Gate {
  private static final String SCHEME = "bearer ";

  private final Tokens tokens;

  Gate(Tokens tokens) {
    this.tokens = tokens;
  }

  /**
   * Checks a request.
   *
   * @param authorization the header of that name
   * @param organization as it stands in the path; another's, no one's and nonsense get the same
   *     answer
   */
  Reading<Caller> check(@Nullable String authorization, @Nullable String organization) {
    return switch (check(authorization)) {
      case Reading.Bad<Caller> bad -> bad;
      case Reading.Good<Caller>(Caller caller) -> {
        UUID asked = Uuids.parse(organization);
        yield caller.organization().value().equals(asked)
            ? new Reading.Good<>(caller)
            : refused("wrong_organization", "the token is not for this organization");
      }
    };
  }

  /** Whom a token speaks for, whatever his organization. */
  Reading<Caller> check(@Nullable String authorization) {
    if (authorization == null || !authorization.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return refused("missing_token", "a bearer token is required, see POST /oauth/token");
    }
    return switch (tokens.verify(authorization.substring(SCHEME.length()).strip())) {
      case Tokens.Verdict.Invalid() -> refused("invalid_token", "the token is not one of ours");
      case Tokens.Verdict.Expired() -> refused("expired_token", "the token has expired");
      case Tokens.Verdict.Valid(Caller caller) -> new Reading.Good<>(caller);
    };
  }

  private static Reading<Caller> refused(String code, String message) {
    return new Reading.Bad<>(ApiError.forbidden(code, message));
  }
}
