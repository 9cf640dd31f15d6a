package dev.tocsin.webhook;

import java.util.List;
import java.util.Objects;

/**
 * What a webhook's requests are signed with: {@code M3TER_SIGNED_REQUEST} credentials, or none.
 * Neither form shows its secrets in {@code toString}.
 */
public sealed interface Credentials {
  /** Requests go out unsigned, as credentials with {@code empty: true} ask for. */
  record Unsigned() implements Credentials {}

  /**
   * An api key and the secrets to sign with.
   *
   * @param apiKey sent along with every request, so that a receiver knows which secret to verify
   *     with
   * @param secrets every secret that is active while one is rotated, newest first; each signs
   */
  record Signed(String apiKey, List<String> secrets) implements Credentials {
    public Signed {
      Objects.requireNonNull(apiKey);
      secrets = List.copyOf(secrets);
      if (secrets.isEmpty() || secrets.contains("")) {
        throw new IllegalArgumentException("signed credentials need a secret that is not empty");
      }
    }

    @Override
    public String toString() {
      return "Signed[" + secrets.size() + " secrets]";
    }
  }
}
