package dev.tocsin.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a statement does to what it covers. A denial wins over every permission. */
public enum Effect {
  ALLOW,
  DENY;

  /** The effect so spelled, in capitals or not; null when there is none. */
  public static @Nullable Effect of(String text) {
    for (Effect effect : values()) {
      if (effect.text().equalsIgnoreCase(text)) {
        return effect;
      }
    }
    return null;
  }

  /** The spelling of messages. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
