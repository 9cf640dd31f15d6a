package dev.tocsin.access;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of resources that this server has itself, as statements name them. The entities that
 * events are about are further kinds: see {@link Vocabulary}.
 */
public enum Kind {
  ORGANIZATION,
  EVENT,
  NOTIFICATION_CONFIGURATION,
  WEBHOOK,
  INTEGRATION_CONFIGURATION,
  INTEGRATION_RUN,
  SCHEDULED_EVENT_CONFIGURATION,
  CUSTOM_ENTITY,
  PERMISSION_POLICY,
  SERVICE_USER;

  /** The kind that resources' names spell so; null when there is none. */
  public static @Nullable Kind of(String text) {
    return Arrays.stream(values()).filter(kind -> kind.text().equals(text)).findAny().orElse(null);
  }

  /** The spelling in a resource's name: {@code notificationconfiguration}. */
  public String text() {
    return name().replace("_", "").toLowerCase(Locale.ROOT);
  }
}
