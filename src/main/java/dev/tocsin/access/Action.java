package dev.tocsin.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a statement lets somebody do, or keeps him from. The names are m3ter's; only those of {@code
 * config}, and {@link #ALL}, mean anything to this server.
 */
public enum Action {
  ALL,
  CONFIG_CREATE,
  CONFIG_RETRIEVE,
  CONFIG_UPDATE,
  CONFIG_DELETE,
  CONFIG_EXPORT,
  ANALYTICS_QUERY,
  MEASUREMENTS_UPLOAD,
  MEASUREMENTS_FILEUPLOAD,
  MEASUREMENTS_RETRIEVE,
  MEASUREMENTS_EXPORT,
  FORECAST_RETRIEVE,
  HEALTHSCORES_RETRIEVE,
  ANOMALIES_RETRIEVE,
  EXPORTS_DOWNLOAD,
  MARKETPLACE_USAGE_CREATE,
  MARKETPLACE_USAGE_RETRIEVE,
  AUDIT_RETRIEVE;

  /**
   * The action so spelled, {@code config:create} or {@code CONFIG_CREATE}, as m3ter's guides and
   * its SDKs do; null when there is none.
   */
  public static @Nullable Action of(String text) {
    String name = text.replace(':', '_');
    for (Action action : values()) {
      if (action.name().equalsIgnoreCase(name)) {
        return action;
      }
    }
    return null;
  }

  /** The spelling of m3ter's guides, and of messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', ':');
  }

  /** Whether whoever has this action has the other one. */
  boolean includes(Action other) {
    return this == ALL || this == other;
  }
}
