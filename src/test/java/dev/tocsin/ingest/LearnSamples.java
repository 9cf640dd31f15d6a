package dev.tocsin.ingest;

import java.time.Duration;

/** Limits of learning that no test reaches by chance. */
public final class LearnSamples {
  /** Two levels deep, and last seen to the hour. */
  public static final LearnSettings SETTINGS =
      new LearnSettings(100, 10, 2, 30, 1_000, 100, 10_000, Duration.ofHours(1));

  private LearnSamples() {}
}
