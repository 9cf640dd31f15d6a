package dev.tocsin.access;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * A keyed hash (HMAC-SHA256) of an access key's secret. Whoever reads the database alone can
 * neither use it nor guess secrets against it; and it is as cheap as clients that ask for a token
 * before every call need it to be.
 */
public final class SecretHash {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] bytes;

  private SecretHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A hash as it was stored. */
  public static SecretHash of(byte[] stored) {
    return new SecretHash(stored.clone());
  }

  /**
   * Hashes a secret.
   *
   * @param key the server's own, made for this purpose alone
   * @param accessKey goes into the hash, so that equal secrets of two keys cannot be told
   */
  public static SecretHash of(SecretKey key, String accessKey, String secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      mac.update(accessKey.getBytes(StandardCharsets.UTF_8));
      mac.update((byte) 0);
      return new SecretHash(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    } catch (InvalidKeyException e) {
      throw new IllegalStateException("the key for hashing secrets is none", e);
    }
  }

  /** Whether two hashes are the same, in a time that does not tell how far they agree. */
  public boolean matches(SecretHash other) {
    return MessageDigest.isEqual(bytes, other.bytes);
  }

  /** What to store. */
  public byte[] bytes() {
    return bytes.clone();
  }
}
