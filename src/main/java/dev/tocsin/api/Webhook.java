package dev.tocsin.api;

import dev.tocsin.webhook.Credentials;
import dev.tocsin.webhook.WebhookId;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A webhook as the API shows it: with the name of its credentials, and never with the credentials.
 *
 * @param credentialsId the id of its credentials, made with it
 * @param credentialsEmpty whether its requests go out unsigned
 * @param inFile whether a configuration file declares it, which alone changes it then
 */
public record Webhook(
    WebhookId id,
    Content content,
    UUID credentialsId,
    boolean credentialsEmpty,
    boolean inFile,
    Audit audit) {
  public Webhook {
    Objects.requireNonNull(id);
    Objects.requireNonNull(content);
    Objects.requireNonNull(credentialsId);
    Objects.requireNonNull(audit);
  }

  /**
   * What its author decides, but for the credentials.
   *
   * @param code unique in the organization, if it has one
   */
  public record Content(
      @Nullable String code,
      String name,
      String description,
      URI url,
      boolean active,
      @Nullable String credentialsName) {
    public Content {
      Objects.requireNonNull(name);
      Objects.requireNonNull(description);
      Objects.requireNonNull(url);
    }
  }

  /** What a change does with the credentials. */
  public sealed interface CredentialsChange {
    /** They stay as they are. */
    record Keep() implements CredentialsChange {}

    /** These take their place. */
    record Replace(Credentials credentials) implements CredentialsChange {
      public Replace {
        Objects.requireNonNull(credentials);
      }
    }
  }
}
