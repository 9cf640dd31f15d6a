package dev.tocsin.api;

import dev.tocsin.event.EventName;
import dev.tocsin.rule.RuleId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A notification configuration, that is a rule, as the API shows it.
 *
 * @param inFile whether a configuration file declares it, which alone changes it then
 */
public record NotificationConfiguration(RuleId id, Content content, boolean inFile, Audit audit) {
  public NotificationConfiguration {
    Objects.requireNonNull(id);
    Objects.requireNonNull(content);
    Objects.requireNonNull(audit);
  }

  /**
   * What its author decides.
   *
   * @param code unique in the organization
   * @param alwaysFireEvent whether it fires on every event of that name, whatever the calculation
   * @param calculation null only if it always fires
   */
  public record Content(
      String code,
      String name,
      String description,
      EventName eventName,
      boolean active,
      boolean alwaysFireEvent,
      @Nullable String calculation) {
    public Content {
      Objects.requireNonNull(code);
      Objects.requireNonNull(name);
      Objects.requireNonNull(description);
      Objects.requireNonNull(eventName);
      if (!alwaysFireEvent && calculation == null) {
        throw new IllegalArgumentException("a rule that does not always fire needs a calculation");
      }
    }
  }
}
