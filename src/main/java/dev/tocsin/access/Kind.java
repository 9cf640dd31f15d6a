package dev.tocsin.access;

import java.util.Locale;

/**
 * The kinds of resources that this server has itself, as statements name them. The entities that
 * events are about are further kinds: see {@link Vocabulary}.
 */
public enum Kind {
  EVENT,
  NOTIFICATION_CONFIGURATION,
  WEBHOOK,
  INTEGRATION_CONFIGURATION,
  INTEGRATION_RUN,
  SCHEDULED_EVENT_CONFIGURATION,
  CUSTOM_ENTITY,
  PERMISSION_POLICY,
  SERVICE_USER;

  /** The spelling in a resource's name: {@code notificationconfiguration}. */
  public String text() {
    return name().replace("_", "").toLowerCase(Locale.ROOT);
  }
}
