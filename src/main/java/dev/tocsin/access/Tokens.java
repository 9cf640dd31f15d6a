package dev.tocsin.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Issues and verifies the tokens that callers show: JSON Web Tokens (RFC 7519) signed with
 * HMAC-SHA256, with the claims {@code sub} (the service user), {@code orgId}, {@code iss}, {@code
 * iat} and {@code exp}.
 *
 * <p>Neither call looks anything up or waits: both are a hash over some 250 bytes. The header of a
 * token is never interpreted. It must be, byte for byte, the one that is written here, so that no
 * token can choose how it is verified ({@code alg: none}, or a public key taken for a secret).
 *
 * <p>Thread-safe.
 */
public final class Tokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ISSUER = "tocsin";

  /** Longest token looked at, in characters; ours have some 350. */
  private static final int LENGTH_MAX = 2_048;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final String HEADER = encoded("{\"typ\":\"JWT\",\"alg\":\"HS256\"}") + ".";

  private final SecretKey key;
  private final Duration validity;
  private final InstantSource clock;

  /**
   * Tokens of one server, or of several that share the key.
   *
   * @param key made for this purpose alone
   * @param validity how long a token holds, in whole seconds
   */
  public Tokens(SecretKey key, Duration validity, InstantSource clock) {
    this.key = key;
    this.validity = validity;
    this.clock = clock;
    if (validity.toSeconds() < 1) {
      throw new IllegalArgumentException("tokens that hold for " + validity);
    }
  }

  /** What verifying a token came to. */
  public sealed interface Verdict {
    /** It is ours, and still holds. */
    record Valid(Caller caller) implements Verdict {
      public Valid {
        Objects.requireNonNull(caller);
      }
    }

    /** It is ours, and held until a while ago. */
    record Expired() implements Verdict {}

    /** It is not ours, or was tampered with. */
    record Invalid() implements Verdict {}
  }

  /** How long a token holds from its issue. */
  public Duration validity() {
    return validity;
  }

  /** A token that speaks for a caller from now on. */
  public String issue(Caller caller) {
    long now = clock.instant().getEpochSecond();
    String claims =
        "{\"sub\":\""
            + caller.serviceUser()
            + "\",\"orgId\":\""
            + caller.organization()
            + "\",\"iss\":\""
            + ISSUER
            + "\",\"iat\":"
            + now
            + ",\"exp\":"
            + (now + validity.toSeconds())
            + "}";
    String signed = HEADER + encoded(claims);
    return signed + "." + ENCODER.encodeToString(signature(signed));
  }

  /** Verifies a token as it was received, whatever it is. */
  public Verdict verify(String token) {
    int end = token.lastIndexOf('.');
    if (token.length() > LENGTH_MAX || !token.startsWith(HEADER) || end < HEADER.length()) {
      return new Verdict.Invalid();
    }
    byte[] given = decoded(token.substring(end + 1));
    if (given == null || !MessageDigest.isEqual(signature(token.substring(0, end)), given)) {
      return new Verdict.Invalid();
    }
    byte[] claims = decoded(token.substring(HEADER.length(), end));
    return claims == null ? new Verdict.Invalid() : verifyClaims(claims);
  }

  /** Verifies claims whose signature is right; a text of ours under the key that is no token. */
  private Verdict verifyClaims(byte[] json) {
    Map<String, @Nullable Object> claims;
    try (JsonParser parser = JsonValues.factory().createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Verdict.Invalid();
      }
      claims = JsonValues.object(parser);
    } catch (IOException e) {
      return new Verdict.Invalid();
    }
    if (!(claims.get("sub") instanceof String subject)
        || !(claims.get("orgId") instanceof String organization)
        || !ISSUER.equals(claims.get("iss"))
        || !(claims.get("exp") instanceof Long expiry)) {
      return new Verdict.Invalid();
    }
    if (!clock.instant().isBefore(Instant.ofEpochSecond(expiry))) {
      return new Verdict.Expired();
    }
    return new Verdict.Valid(
        new Caller(
            new OrganizationId(UUID.fromString(organization)),
            new ServiceUserId(UUID.fromString(subject))));
  }

  private byte[] signature(String signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("the key for signing tokens is none", e);
    }
  }

  private static String encoded(String text) {
    return ENCODER.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte @Nullable [] decoded(String text) {
    try {
      return Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
