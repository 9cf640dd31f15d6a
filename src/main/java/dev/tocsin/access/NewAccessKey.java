package dev.tocsin.access;

import java.util.Base64;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;

/**
 * An access key that was just made, with the secret that is shown once and then known to its owner
 * alone.
 *
 * @param secret 256 random bits, so that there is nothing to guess
 */
public record NewAccessKey(String key, String secret, SecretHash secretHash) {
  private static final int KEY_BYTES = 15;
  private static final int SECRET_BYTES = 32;

  /** Makes one; nobody else has the same. */
  @FunctionalInterface
  public interface Maker {
    NewAccessKey make();

    /**
     * A maker.
     *
     * @param hashing the key that secrets are hashed with, see {@link SecretHash}
     * @param random unpredictable
     */
    static Maker of(SecretKey hashing, RandomGenerator random) {
      return () -> {
        String key = text(random, KEY_BYTES);
        String secret = text(random, SECRET_BYTES);
        return new NewAccessKey(key, secret, SecretHash.of(hashing, key, secret));
      };
    }
  }

  private static String text(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "NewAccessKey[" + key + "]";
  }
}
