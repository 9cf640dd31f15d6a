package dev.tocsin.app;

import dev.tocsin.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The keys of a server, all made of one secret (HKDF with SHA-256, RFC 5869), each for a single
 * purpose. Servers that share a database must be given the same secret.
 *
 * @param credentials encrypts webhooks' credentials
 * @param tokens signs tokens
 * @param accessKeys hashes the secrets of access keys
 * @param check tells whether two servers have the same secret, and nothing else
 */
record ServerKeys(SecretKey credentials, SecretKey tokens, SecretKey accessKeys, SecretKey check) {
  private static final int SECRET_BYTES = 32;
  private static final int SECRET_LENGTH_MIN = 32;
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  /**
   * The keys made of the secret in the settings: the one given, or else the one in the key file,
   * which is made at the first start.
   *
   * @throws IOException when the file cannot be read or made, or others may read it
   */
  static ServerKeys of(Settings.Secrets settings, SecureRandom random) throws IOException {
    String given = settings.key();
    return of(given == null ? fromFile(settings.keyFile(), random) : given);
  }

  private static String fromFile(Path file, SecureRandom random) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    Files.createDirectories(file.toAbsolutePath().getParent());
    try {
      Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      Files.writeString(file, Base64.getEncoder().encodeToString(secret) + "\n");
    } catch (FileAlreadyExistsException e) {
      if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(file))) {
        throw new IOException(
            "others than its owner may use the key file " + file + "; its mode must be 0600", e);
      }
    }
    return Files.readString(file).strip();
  }

  private static ServerKeys of(String secret) throws IOException {
    if (secret.length() < SECRET_LENGTH_MIN) {
      throw new IOException(
          "the server's secret has "
              + secret.length()
              + " characters; it must have at least "
              + SECRET_LENGTH_MIN
              + ", such as those that 'openssl rand -base64 32' prints");
    }
    try {
      return new ServerKeys(
          derived(secret, "AES", "tocsin webhook credentials"),
          derived(secret, "HmacSHA256", "tocsin tokens"),
          derived(secret, "HmacSHA256", "tocsin access keys"),
          derived(secret, "Generic", "tocsin key check"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks HKDF-SHA256", e);
    }
  }

  private static SecretKey derived(String secret, String algorithm, String purpose)
      throws GeneralSecurityException {
    return KDF.getInstance("HKDF-SHA256")
        .deriveKey(
            algorithm,
            HKDFParameterSpec.ofExtract()
                .addIKM(secret.getBytes(StandardCharsets.UTF_8))
                .thenExpand(purpose.getBytes(StandardCharsets.UTF_8), SECRET_BYTES));
  }

  @Override
  public String toString() {
    return "ServerKeys[not shown]";
  }
}
