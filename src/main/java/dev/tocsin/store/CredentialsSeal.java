package dev.tocsin.store;

import dev.tocsin.event.EventJson;
import dev.tocsin.event.JsonValues;
import dev.tocsin.event.OrganizationId;
import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts webhooks' credentials before they reach the database (AES-GCM, NIST SP 800-38D). A
 * sealed text is a format byte, a nonce of 12 random bytes, and the cipher text with its tag; the
 * organization and the webhook are authenticated with it, so that a sealed text moved to another
 * row cannot be opened there.
 */
public final class CredentialsSeal {
  private static final String TRANSFORMATION = "AES/GCM/NoPadding";
  private static final byte FORMAT = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKey key;
  private final RandomGenerator random;

  /**
   * A seal.
   *
   * @param key of AES, for this purpose alone
   * @param random unpredictable, since a nonce must never occur twice with one key
   */
  public CredentialsSeal(SecretKey key, RandomGenerator random) {
    this.key = key;
    this.random = random;
  }

  /** Encrypts credentials for the webhook they belong to. */
  byte[] seal(OrganizationId organization, WebhookId webhook, Credentials credentials) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, organization, webhook);
      byte[] text = cipher.doFinal(json(credentials).getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.allocate(1 + NONCE_BYTES + text.length)
          .put(FORMAT)
          .put(nonce)
          .put(text)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("credentials of webhook " + webhook + " can't be sealed", e);
    }
  }

  /**
   * Decrypts the credentials of a webhook.
   *
   * @throws IllegalStateException when they were sealed with another key or for another webhook
   */
  Credentials open(OrganizationId organization, WebhookId webhook, byte[] sealed) {
    if (sealed.length < 1 + NONCE_BYTES || sealed[0] != FORMAT) {
      throw new IllegalStateException("credentials of webhook " + webhook + " are not sealed");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    ByteBuffer.wrap(sealed).get(1, nonce);
    int start = 1 + NONCE_BYTES;
    try {
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, organization, webhook);
      return credentials(
          new String(cipher.doFinal(sealed, start, sealed.length - start), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(
          "credentials of webhook " + webhook + " do not open with this server's key", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, OrganizationId organization, WebhookId webhook)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD((organization + "/" + webhook).getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static String json(Credentials credentials) {
    return switch (credentials) {
      case Credentials.Unsigned unsigned -> "{}";
      case Credentials.Signed signed -> {
        StringBuilder json = new StringBuilder("{\"apiKey\":");
        EventJson.appendText(json, signed.apiKey()).append(",\"secrets\":[");
        for (int i = 0; i < signed.secrets().size(); i++) {
          EventJson.appendText(json.append(i == 0 ? "" : ","), signed.secrets().get(i));
        }
        yield json.append("]}").toString();
      }
    };
  }

  private static Credentials credentials(String json) throws IOException {
    Map<String, @Nullable Object> fields = JsonValues.payload(json).fields();
    return fields.get("apiKey") instanceof String apiKey
            && fields.get("secrets") instanceof List<?> secrets
        ? new Credentials.Signed(apiKey, secrets.stream().map(String.class::cast).toList())
        : new Credentials.Unsigned();
  }
}
