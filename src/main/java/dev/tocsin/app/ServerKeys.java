package dev.tocsin.app;

import dev.tocsin.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The keys of a server, all made of one secret (HKDF with SHA-256, RFC 5869), each for a single
 * purpose. Servers that share a database must be given the same secret.
 *
 * @param credentials encrypts webhooks' credentials
 * @param tokens sign tokens: those of the settings, then the one made of the secret; the first
 *     signs, and all are good
 * @param accessKeys hashes the secrets of access keys
 * @param check tells whether two servers have the same secret, and nothing else
 */
record ServerKeys(
    SecretKey credentials, List<SecretKey> tokens, SecretKey accessKeys, SecretKey check) {
  private static final int KEY_BYTES = 32;
  private static final int SECRET_LENGTH_MIN = 32;
  private static final String TOKENS = "tocsin tokens";

  /**
   * The keys made of the secret in the settings: the one given, or else the one in the key file,
   * which is made at the first start.
   *
   * @throws IOException when the file cannot be read or made, or others may read it
   */
  static ServerKeys of(Settings.Secrets settings, SecureRandom random) throws IOException {
    String given = settings.key();
    List<String> tokens = settings.tokenKeys();
    return given == null
        ? of(KeyFile.secret(settings.keyFile(), random), "in " + settings.keyFile(), tokens)
        : of(given, "in the settings", tokens);
  }

  private static ServerKeys of(String secret, String place, List<String> tokens)
      throws IOException {
    if (secret.length() < SECRET_LENGTH_MIN) {
      throw new IOException(
          "the server's secret "
              + place
              + " has "
              + secret.length()
              + " characters; it must have at least "
              + SECRET_LENGTH_MIN
              + ", such as those that 'openssl rand -base64 32' prints");
    }
    try {
      return new ServerKeys(
          derived(secret, "AES", "tocsin webhook credentials"),
          tokenKeys(secret, tokens),
          derived(secret, "HmacSHA256", "tocsin access keys"),
          derived(secret, "Generic", "tocsin key check"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks HKDF-SHA256", e);
    }
  }

  private static List<SecretKey> tokenKeys(String secret, List<String> given)
      throws GeneralSecurityException {
    List<SecretKey> keys = new ArrayList<>();
    for (String text : given) {
      keys.add(derived(text, "HmacSHA256", TOKENS));
    }
    keys.add(derived(secret, "HmacSHA256", TOKENS));
    return List.copyOf(keys);
  }

  private static SecretKey derived(String secret, String algorithm, String purpose)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveKey(
            algorithm,
            HKDFParameterSpec.ofExtract()
                .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), KEY_BYTES));
  }

  @Override
  public String toString() {
    return "ServerKeys[not shown]";
  }
}
