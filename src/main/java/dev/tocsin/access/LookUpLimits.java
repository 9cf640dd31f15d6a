package dev.tocsin.access;

import java.time.Duration;

/**
 * The bounds of what is looked up for calls, and remembered.
 *
 * @param remembered how long something is remembered, found or not
 * @param rememberedMax most things remembered
 * @param underWayMax most look-ups under way; one more is refused
 */
public record LookUpLimits(Duration remembered, long rememberedMax, int underWayMax) {
  public static final LookUpLimits DEFAULTS = new LookUpLimits(Duration.ofSeconds(5), 10_000, 256);

  public LookUpLimits {
    if (!remembered.isPositive() || rememberedMax < 1 || underWayMax < 1) {
      throw new IllegalArgumentException("look-ups must be able to look one thing up");
    }
  }
}
