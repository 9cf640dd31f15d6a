package dev.tocsin.api;

import dev.tocsin.webhook.IntegrationId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An integration configuration as the API shows it: a link from an entity, for us a notification
 * configuration, to a destination, for us a webhook.
 *
 * @param enabled whether it sends anything
 * @param inFile whether a configuration file declares it, which alone changes it then
 */
public record IntegrationConfiguration(
    IntegrationId id, Content content, boolean enabled, boolean inFile, Audit audit) {
  public IntegrationConfiguration {
    Objects.requireNonNull(id);
    Objects.requireNonNull(content);
    Objects.requireNonNull(audit);
  }

  /**
   * What its author decides.
   *
   * @param entityType {@code Notification} for a link from a notification configuration
   * @param destination {@code Webhook} for a link to a webhook
   * @param configData a JSON object, as received
   */
  public record Content(
      String entityType,
      @Nullable String entityId,
      String destination,
      @Nullable String destinationId,
      String configData,
      @Nullable String name,
      @Nullable String integrationCredentialsId) {
    public Content {
      Objects.requireNonNull(entityType);
      Objects.requireNonNull(destination);
      Objects.requireNonNull(configData);
    }
  }
}
