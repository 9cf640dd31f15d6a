package dev.tocsin.webhook;

import dev.tocsin.event.EventId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The signature of a request as Standard Webhooks defines it (https://www.standardwebhooks.com,
 * "symmetric"): HMAC-SHA256 over {@code id.timestamp.body}.
 */
final class Signature {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String BASE64_PREFIX = "whsec_";

  private Signature() {}

  /**
   * The value of {@code webhook-signature}: one entry for each secret, in their order, so that a
   * receiver accepts the request while it knows any of them.
   *
   * @param timestamp the attempt's time in seconds since 1970
   */
  static String of(List<String> secrets, EventId id, long timestamp, byte[] body) {
    byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    StringBuilder entries = new StringBuilder();
    for (String secret : secrets) {
      entries.append(entries.isEmpty() ? "v1," : " v1,");
      entries.append(Base64.getEncoder().encodeToString(hmac(key(secret), head, body)));
    }
    return entries.toString();
  }

  /**
   * A secret's key: what is encoded after {@code whsec_}, and the text's own bytes for every other.
   * Text after {@code whsec_} that is not base64, or encodes nothing, is no encoded key, so the
   * whole text is taken as it stands: a request signed in a way that its receiver can still be told
   * of is better than none.
   */
  private static byte[] key(String secret) {
    if (secret.startsWith(BASE64_PREFIX)) {
      try {
        byte[] key = Base64.getDecoder().decode(secret.substring(BASE64_PREFIX.length()));
        if (key.length > 0) {
          return key;
        }
      } catch (IllegalArgumentException e) {
        return secret.getBytes(StandardCharsets.UTF_8);
      }
    }
    return secret.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] hmac(byte[] key, byte[] head, byte[] body) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      mac.update(head);
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + ALGORITHM, e);
    }
  }
}
