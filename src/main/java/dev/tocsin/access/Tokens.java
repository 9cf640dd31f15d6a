package dev.tocsin.access;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tocsin.event.EventJson;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Issues and verifies the tokens that callers show: JSON Web Tokens (RFC 7519) signed with
 * HMAC-SHA256, with the claims {@code sub} (the service user), {@code key} (the access key), {@code
 * orgId}, {@code iss}, {@code iat} and {@code exp}.
 *
 * <p>Several keys are good at a time, so that they can be replaced one after the other: the first
 * signs, and a token that any of them signed is ours. The header names the key ({@code kid}).
 *
 * <p>Neither call looks anything up or waits: both are a hash over some 300 bytes. The header of a
 * token is never interpreted. It must be, byte for byte, one of those that are written here, so
 * that no token can choose how it is verified ({@code alg: none}, or a public key taken for a
 * secret).
 *
 * <p>Thread-safe.
 */
public final class Tokens {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String ISSUER = "tocsin";

  /** Longest token looked at, in characters; ours have some 400. */
  private static final int LENGTH_MAX = 2_048;

  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  /** Of the key's name, which must not tell anything of the key. */
  private static final int NAME_BYTES = 8;

  private final List<Signer> signers;
  private final Duration validity;
  private final InstantSource clock;

  /** A key with the header of the tokens it signs. */
  private record Signer(SecretKey key, String header) {
    static Signer of(SecretKey key) {
      String name = HexFormat.of().formatHex(signature(key, "name"), 0, NAME_BYTES);
      String header = "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"" + name + "\"}";
      return new Signer(key, encoded(header) + ".");
    }
  }

  /**
   * Tokens of one server, or of several that share the keys.
   *
   * @param keys made for this purpose alone; the first signs
   * @param validity how long a token holds, in whole seconds
   */
  public Tokens(List<SecretKey> keys, Duration validity, InstantSource clock) {
    this.signers = keys.stream().map(Signer::of).toList();
    this.validity = validity;
    this.clock = clock;
    if (keys.isEmpty() || validity.toSeconds() < 1) {
      throw new IllegalArgumentException(keys.size() + " keys, and tokens of " + validity);
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
    StringBuilder subject = new StringBuilder("{\"sub\":\"").append(caller.serviceUser());
    EventJson.appendText(subject.append("\",\"key\":"), caller.accessKey());
    String claims =
        subject
            + ",\"orgId\":\""
            + caller.organization()
            + "\",\"iss\":\""
            + ISSUER
            + "\",\"iat\":"
            + now
            + ",\"exp\":"
            + (now + validity.toSeconds())
            + "}";
    Signer signer = signers.getFirst();
    String signed = signer.header() + encoded(claims);
    return signed + "." + ENCODER.encodeToString(signature(signer.key(), signed));
  }

  /** Verifies a token as it was received, whatever it is. */
  public Verdict verify(String token) {
    if (token.length() <= LENGTH_MAX) {
      for (Signer signer : signers) {
        if (token.startsWith(signer.header())) {
          return verify(token, signer);
        }
      }
    }
    return new Verdict.Invalid();
  }

  private Verdict verify(String token, Signer signer) {
    int start = signer.header().length();
    int end = token.lastIndexOf('.');
    if (end < start) {
      return new Verdict.Invalid();
    }
    byte[] given = decoded(token.substring(end + 1));
    byte[] ours = signature(signer.key(), token.substring(0, end));
    if (given == null || !MessageDigest.isEqual(ours, given)) {
      return new Verdict.Invalid();
    }
    byte[] claims = decoded(token.substring(start, end));
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
        || !(claims.get("key") instanceof String accessKey)
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
            new ServiceUserId(UUID.fromString(subject)),
            accessKey));
  }

  private static byte[] signature(SecretKey key, String signed) {
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
